import Dispatch
import Foundation

/// Work on many digests at once. No result depends on the number of tasks.
enum ParallelDigests {
  /// Fewer elements than this are not worth a thread: about a millisecond of hashing.
  private static let worthwhile = 2048

  /// Calls `body` with ranges that together are 0..<count, at most `tasks` of them at a time.
  ///
  /// `body` must not touch what belongs to another range.
  static func forEachShare(of count: Int, tasks: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let shares = max(1, min(tasks, count / worthwhile))
    if shares == 1 { return body(0..<count) }
    DispatchQueue.concurrentPerform(iterations: shares) { share in
      body(count * share / shares..<count * (share + 1) / shares)
    }
  }

  /// The leading bits by which digests are dealt out before they are sorted.
  private static let bucketBits = 10

  /// Writes `digests` to `output`, which must have room for all, in ascending order.
  ///
  /// First into buckets by their leading bits, then each bucket sorted on its own. Hashes fill the
  /// buckets evenly; digests that do not are sorted all the same, only slower.
  static func sort(
    _ digests: [Digest32], into output: UnsafeMutableBufferPointer<Digest32>, tasks: Int
  ) {
    guard digests.count >= worthwhile else {
      var part = output
      _ = part.update(fromContentsOf: digests)
      return part.sort()
    }
    var ends = [Int](repeating: 0, count: 1 << bucketBits)
    for digest in digests { ends[bucket(digest)] += 1 }
    for index in ends.indices.dropFirst() { ends[index] += ends[index - 1] }
    var next = [0] + ends.dropLast()
    for digest in digests {
      let index = bucket(digest)
      output[next[index]] = digest
      next[index] += 1
    }
    // Safe as buckets lie apart.
    nonisolated(unsafe) let buckets = output
    let shares = max(1, min(tasks, ends.count))
    DispatchQueue.concurrentPerform(iterations: shares) { [ends] share in
      for index in ends.count * share / shares..<ends.count * (share + 1) / shares {
        let start = index == 0 ? 0 : ends[index - 1]
        var part = UnsafeMutableBufferPointer(rebasing: buckets[start..<ends[index]])
        part.sort()
      }
    }
  }

  private static func bucket(_ digest: Digest32) -> Int {
    Int(digest.word0 >> UInt64(64 - bucketBits))
  }

  /// The digests in ascending order.
  static func sorted(_ digests: [Digest32], tasks: Int) -> [Digest32] {
    [Digest32](unsafeUninitializedCapacity: digests.count) { buffer, count in
      sort(
        digests, into: UnsafeMutableBufferPointer(rebasing: buffer[..<digests.count]), tasks: tasks)
      count = digests.count
    }
  }
}

extension VerdictLeaf {
  /// ``hash`` of each leaf, in order.
  ///
  /// - Parameter tasks: how many threads share the work; all processors unless told otherwise.
  public static func hashes(
    of leaves: [VerdictLeaf], tasks: Int = ProcessInfo.processInfo.activeProcessorCount
  ) -> [Digest32] {
    [Digest32](unsafeUninitializedCapacity: leaves.count) { buffer, count in
      // Safe as each share writes places of its own.
      nonisolated(unsafe) let output = buffer
      ParallelDigests.forEachShare(of: leaves.count, tasks: tasks) { range in
        for index in range { output[index] = leaves[index].hash }
      }
      count = leaves.count
    }
  }
}
