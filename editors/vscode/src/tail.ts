/** The end of a text that comes in pieces: enough to say why a program ended, however much it wrote. */
export class Tail {
  private kept = "";

  constructor(private readonly length = 8192) {}

  add(piece: string): void {
    this.kept = (this.kept + piece).slice(-this.length);
  }

  get text(): string {
    return this.kept;
  }
}
