/** The one job that a WebUI shows to everybody, whoever asked for it. */
export class JobState {
  interrupted = false;
  skipped = false;
  job = '';
  jobCount = 0;
  #images = 1;
  #steps = 0;
  #msPerImage = 0;
  #sinceMs: number | undefined;
  #frozen = false;
  #endEarly: (() => void) | undefined;

  begin(job: string): void {
    this.job = job;
    // Until the first batch, model loading included.
    this.jobCount = -1;
    this.interrupted = false;
    this.skipped = false;
    this.#sinceMs = undefined;
  }

  /** Resolves when the images are made, or at once when they are interrupted. */
  async sample(images: number, steps: number, msPerImage: number): Promise<void> {
    this.jobCount = images;
    this.#images = images;
    this.#steps = steps;
    this.#msPerImage = msPerImage;
    this.#sinceMs = performance.now();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, images * msPerImage);
      this.#endEarly = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endEarly = undefined;
  }

  /** Samples for ever, at the first step. */
  async freeze(images: number, steps: number): Promise<never> {
    this.#frozen = true;
    this.#steps = steps;
    this.jobCount = images;
    return new Promise<never>(() => undefined);
  }

  /** A job that did not begin its sampling hears nothing. */
  interrupt(): void {
    this.interrupted = true;
    this.#endEarly?.();
  }

  end(): void {
    this.job = '';
    this.jobCount = 0;
    this.#sinceMs = undefined;
    this.#frozen = false;
  }

  #at(): { readonly jobNo: number; readonly step: number } {
    if (this.#frozen) return { jobNo: 0, step: 1 };
    if (this.#sinceMs === undefined || this.#msPerImage === 0) return { jobNo: 0, step: 0 };
    const done = (performance.now() - this.#sinceMs) / this.#msPerImage;
    const jobNo = Math.min(Math.floor(done), this.#images - 1);
    return { jobNo, step: Math.min(Math.floor((done - jobNo) * this.#steps), this.#steps) };
  }

  /** @param preview of the sampling, where it is asked for and the server is set to make it */
  report(preview: string | null): object {
    const { jobNo, step } = this.#at();
    const share = this.jobCount > 0 ? (jobNo + step / Math.max(this.#steps, 1)) / this.jobCount : 0;
    return {
      progress: Math.min(share, 1),
      eta_relative: 0,
      state: {
        skipped: this.skipped,
        interrupted: this.interrupted,
        stopping_generation: false,
        job: this.job,
        job_count: this.jobCount,
        job_timestamp: '20260102030405',
        job_no: jobNo,
        sampling_step: step,
        sampling_steps: this.#steps,
      },
      // There is none before the first step.
      current_image: step > 0 || jobNo > 0 ? preview : null,
      textinfo: null,
    };
  }
}
