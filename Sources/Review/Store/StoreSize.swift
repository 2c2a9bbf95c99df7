import Foundation

extension ReviewStore {
  /// Bytes on disk: the file and what is not yet written back into it.
  public var size: Int64 {
    [pool.path, pool.path + "-wal"].reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
    }
  }
}
