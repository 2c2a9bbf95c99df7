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
      state: entries.map { StateFolder(path: statePath ?? "", only: $0) },
      revision: try runRevision(of: bundle))
  }

  /// The revision that a run made, on which a bundle's corrections rest.
  private static func runRevision(of bundle: BundleReader) throws -> UInt32 {
    guard let first = try bundle.corrections().map(\.revision).min() else {
      return try bundle.statement().predicate.revision
    }
    guard first > 0 else { throw BundleError.malformed("revision 0 corrects nothing") }
    return first - 1
  }

  /// The files of a bundle made again: those of the run, corrected as the bundle says it was.
  ///
  /// - Throws: `BundleError`, `DecisionError`.
  public static func files(
    of contents: BundleContents, correctedAs bundle: BundleReader
  ) throws -> [String: [UInt8]] {
    var files = try BundleWriter(contents, keys: []).files()
    let corrections = try bundle.corrections()
    guard !corrections.isEmpty else { return files }
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    for revision in Set(corrections.map(\.revision)).sorted() {
      let reader = BundleReader(path: "\(folder.path)/\(revision)")
      for (name, bytes) in files { try folder.write(bytes, to: "\(revision)/\(name)") }
      let corrected = try CorrectedBundle(
        reader, decisions: corrections.filter { $0.revision == revision }.map(\.decision))
      files = try corrected.files(report: corrected.report, keys: [])
    }
    return files
  }

  /// Compares a bundle with the files that a run made again. Of `.gz` files the content counts:
  /// another version of zlib may pack it in other bytes.
  public static func compare(
    _ bundle: BundleReader, with again: [String: [UInt8]]
  ) throws -> Report {
    var report = Report()
    let present = try bundle.fileNames().filter { !$0.hasPrefix("log/") && !isSettlement($0) }
    for name in Set(present).union(again.keys).sorted() where !undetermined.contains(name) {
      report.compared += 1
      guard present.contains(name), let other = again[name],
        try determined(BundleReader.content(other, of: name), of: name)
          == determined(try bundle.bytes(name), of: name)
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

  /// Files that tell of a ledger, not of the logs.
  private static func isSettlement(_ name: String) -> Bool {
    name.hasPrefix("ledger/") && name != RootFile.name
  }

  /// What the logs determine of a file: of the root's, all but who signed it for which ledger.
  private static func determined(_ bytes: [UInt8], of name: String) throws -> [UInt8] {
    name == RootFile.name ? try RootFile(json: bytes).unsigned.json.bytes : bytes
  }
}
