/** First byte behind the module's own tables: the caller's buffers start here. */
export function heap_base(): usize {
  return __heap_base;
}
