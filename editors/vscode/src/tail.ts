import type { Readable } from "node:stream";

/** The end of what a program writes: enough to say why it ended, however much it wrote. */
export class Tail {
  private kept = "";
  private end: Promise<void> = Promise.resolve();

  constructor(private readonly length = 8192) {}

  get text(): string {
    return this.kept;
  }

  /** Keep the end of a stream, and hand on each piece of it. */
  follow(stream: Readable, handOn: (piece: string) => void): void {
    stream.setEncoding("utf8");
    stream.on("data", (piece: string) => {
      this.kept = (this.kept + piece).slice(-this.length);
      handOn(piece);
    });
    this.end = new Promise((resolve) => {
      stream.once("close", resolve);
    });
  }

  /** Comes true when all has been written, or after some time (ms). */
  async ended(patience: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([this.end, enough]);
    clearTimeout(timer);
  }
}
