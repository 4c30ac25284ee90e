/** The part of CloudWatch's metric math that alarms are made of, for one period. */

/** Undefined: the metric has no value in the period. */
export type Value = number | undefined;

const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|==|<=|>=|[-+*/(),<>])/y;
const LEVELS: readonly (readonly string[])[] = [['OR'], ['AND'], ['==', '<', '>', '<=', '>='], ['+', '-'], ['*', '/']];

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(expression)?.[1];
    if (token === undefined) throw new Error(`no metric math: ${expression.slice(from)}`);
    tokens.push(token);
  }
  return tokens;
}

function combine(operator: string, a: number, b: number): Value {
  const results: Readonly<Record<string, () => Value>> = {
    OR: () => Number(a !== 0 || b !== 0),
    AND: () => Number(a !== 0 && b !== 0),
    '==': () => Number(a === b),
    '<': () => Number(a < b),
    '>': () => Number(a > b),
    '<=': () => Number(a <= b),
    '>=': () => Number(a >= b),
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => (b === 0 ? undefined : a / b),
  };
  return results[operator]?.();
}

function call(name: string, values: readonly Value[]): Value {
  const [first, second, third] = values;
  if (name === 'FILL') return first ?? second;
  if (name === 'IF') return first === undefined ? undefined : first === 0 ? third : second;
  throw new Error(`the function ${name} is not known`);
}

/** @throws Error that names what it does not understand */
export function evaluateMath(expression: string, metrics: Readonly<Record<string, Value>>): Value {
  const tokens = tokensOf(expression);
  let at = 0;

  function take(expected: string): void {
    if (tokens[at] !== expected) throw new Error(`"${expected}" is missing in ${expression}`);
    at += 1;
  }

  function primary(): Value {
    const token = tokens[at] ?? '';
    at += 1;
    if (token === '(') {
      const inner = level(0);
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (tokens[at] === '(') {
      const values: Value[] = [];
      do {
        at += 1;
        values.push(level(0));
      } while (tokens[at] === ',');
      take(')');
      return call(token, values);
    }
    if (!(token in metrics)) throw new Error(`"${token}" is no metric of ${expression}`);
    return metrics[token];
  }

  function level(depth: number): Value {
    const operators = LEVELS[depth];
    if (operators === undefined) return primary();
    let left = level(depth + 1);
    for (let operator = tokens[at] ?? ''; operators.includes(operator); operator = tokens[at] ?? '') {
      at += 1;
      const right = level(depth + 1);
      left = left === undefined || right === undefined ? undefined : combine(operator, left, right);
    }
    return left;
  }

  const value = level(0);
  if (at < tokens.length) throw new Error(`"${tokens[at]}" is left over in ${expression}`);
  return value;
}
