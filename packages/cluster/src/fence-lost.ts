/** Another coordinator looks after the evaluation, or Redis forgot that this one does. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
  constructor() {
    super('another coordinator looks after the evaluation');
  }
}
