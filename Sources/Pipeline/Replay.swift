import Bundles
import Contributions
import Foundation
import Ingestion
import Profiles
import Verdicts

/// Makes a bundle again from the logs and compares it byte for byte.
public struct Replay: Sendable {
  /// What the comparison found.
  public struct Report: Sendable, Equatable {
    /// Files compared.
    public var compared = 0
    /// Files whose bytes differ, or that only one side has.
    public var different: [String] = []
    /// Whether the verdicts and the root are the same, whatever else differs.
    public var verdictsAgree = false

    public var isEqual: Bool { different.isEmpty }
  }

  /// Files that the logs do not determine: signatures take keys, and the checksums cover them.
  private static let undetermined: Set<String> = ["manifest.dsse.json", "SHA256SUMS"]

  /// What a replay needs to know of a bundle, a declared `profile` apart: profile, epoch, policy, model and state.
  ///
  /// - Throws: `PipelineError.needsModel` when the bundle was made with a model that `model` is not,
  ///   `StateError.missing` when it was made with state and none is given.
  public static func settings(
    for bundle: BundleReader, profile given: Profile? = nil, logs: [LogFile], modelPath: String?,
    statePath: String? = nil,
    memoryLimit: Int, tasks: Int
  ) throws -> RunSettings {
    let predicate = try bundle.statement().predicate
    let named = given?.name == predicate.profile ? given : Profile.named(predicate.profile)
    guard let profile = named else {
      throw PipelineError.unknownProfile(
        predicate.profile, known: Profile.builtIn.map(\.name) + (given.map { [$0.name] } ?? []))
    }
    let identity = try bundle.model()
    var model: TrainedModel?
    if identity.name != Run.selfFit {
      guard let modelPath else {
        throw PipelineError.needsModel(name: identity.name, digest: identity.digest)
      }
      let given = try TrainedModel(path: modelPath, for: profile.name)
      guard "0x" + Hex.encode(given.digest) == identity.digest else {
        throw PipelineError.needsModel(name: identity.name, digest: identity.digest)
      }
      model = given
    }
    // A day that no time stamp can name would be no day anywhere.
    guard predicate.epoch <= Epoch(containing: CanonicalJSON.largestInteger).day else {
      throw BundleError.malformed("epoch \(predicate.epoch) is no day")
    }
    let summary = try bundle.summary()
    let isWhole = summary.selection == "all"
    let entries = summary.state?.map { StateFolder.Entry(epoch: $0.epoch, digest: $0.digest) }
    if statePath == nil, let first = entries?.first {
      throw StateError.missing(epoch: first.epoch, digest: first.digest)
    }
    return RunSettings(
      profile: profile, logs: logs,
      selection: isWhole ? .all : .day(Epoch(day: Int64(clamping: predicate.epoch))),
      model: model, policy: try Policy(json: try bundle.bytes("policy.json")),
      memoryLimit: memoryLimit, tasks: tasks,
      state: entries.map { StateFolder(path: statePath ?? "", only: $0) })
  }

  /// Compares a bundle with the files that a run made again. Of `.gz` files the content counts:
  /// another version of zlib may pack it in other bytes.
  public static func compare(
    _ bundle: BundleReader, with again: [String: [UInt8]]
  ) throws -> Report {
    var report = Report()
    let present = try bundle.fileNames().filter { !$0.hasPrefix("log/") }
    for name in Set(present).union(again.keys).sorted() where !undetermined.contains(name) {
      report.compared += 1
      guard present.contains(name), let other = again[name],
        try BundleReader.content(other, of: name) == (try bundle.bytes(name))
      else {
        report.different.append(name)
        continue
      }
    }
    report.verdictsAgree = !report.different.contains {
      $0.hasPrefix("verdicts/") || $0.hasPrefix("ledger/")
    }
    return report
  }
}
