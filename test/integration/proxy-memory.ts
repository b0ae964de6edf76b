/** Bytes of the heap and in RAM, and requests under way, as the proxy at this control port says; it wants `--metrics`. */
export async function memoryOf(
  control: string,
): Promise<{ heap: number; resident: number; underWay: number }> {
  const text = await (await fetch(`${control}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    heap: value('nodejs_heap_size_used_bytes'),
    resident: value('process_resident_memory_bytes'),
    underWay: value('tokenleash_requests_under_way'),
  };
}
