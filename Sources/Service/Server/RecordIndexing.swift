import Bundles
import Foundation
import Ingestion
import Pipeline
import Profiles
import Review

/// How an imported bundle's logs are read for the pages of its nodes.
public struct RecordIndexing: Sendable {
  /// Bytes that reading may take for records, where nothing else is said.
  public static let usualMemory = 512_000_000

  let logs: [String]
  let profiles: [Profile]
  let memoryLimit: Int
  let tasks: Int
  let takesOtherLogs: Bool

  /// - Parameters:
  ///   - logs: files and folders; of these only the files that the bundle's books name are read.
  ///   - profiles: those of files, beside the built-in ones.
  ///   - takesOtherLogs: whether all the logs are read for a bundle whose own files are not among
  ///     them. By nobody's wish that would cost too much where a year of logs lies there.
  public init(
    logs: [String], profiles: [Profile], memoryLimit: Int = usualMemory, tasks: Int,
    takesOtherLogs: Bool
  ) {
    self.logs = logs
    self.profiles = profiles
    self.memoryLimit = memoryLimit
    self.tasks = tasks
    self.takesOtherLogs = takesOtherLogs
  }

  /// Indexes the bundle at `path` and says what it found.
  ///
  /// - Throws: `IngestionError`, `BundleError`; `ReviewError`, which is `.badInput` for a bundle whose
  ///   logs are not among these.
  public func index(_ path: String, in store: ReviewStore) async throws -> String {
    let all = try LogFile.find(logs)
    let own = try BundleReader(path: path).inputs().files(among: all)
    guard let files = own ?? (takesOtherLogs ? all : nil) else {
      throw ReviewError.badInput(
        "the log files that its books name are not in \(logs.joined(separator: ", "))")
    }
    let report = try await store.indexRecords(
      bundle: path, profiles: profiles, logs: files, memoryLimit: memoryLimit, tasks: tasks,
      by: .console, now: Date())
    return "\(path): \(report.matched) of \(report.nodes) nodes are the ones judged, "
      + "\(report.items) items indexed, \(report.missing) without records, \(report.groups) groups"
  }
}
