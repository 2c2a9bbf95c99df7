import Bundles
import Foundation
import Ingestion

extension BundleReader.Inputs {
  /// The log files that the run read, told by name and size from others that lie beside them; so one
  /// night of a year's logs costs one night's reading.
  ///
  /// `nil` where a file of the books is not among them. It may have been compressed or cut since: then
  /// all the logs have to be read, and the evidence digests say whose records are the same.
  public func files(among logs: [LogFile]) -> [LogFile]? {
    let wanted = Set(files.map { Mark(name: Self.last($0.name), bytes: $0.bytes) })
    var found: Set<Mark> = []
    let chosen = logs.filter { log in
      let mark = Mark(name: Self.last(log.name), bytes: log.size)
      guard wanted.contains(mark) else { return false }
      found.insert(mark)
      return true
    }
    return found.count == wanted.count ? chosen : nil
  }

  /// The books' names are relative to what the run was given, which need not be what is given now.
  private struct Mark: Hashable {
    let name: String
    let bytes: Int64
  }

  private static func last(_ name: String) -> String { (name as NSString).lastPathComponent }
}
