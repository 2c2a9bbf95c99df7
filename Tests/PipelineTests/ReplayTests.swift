import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Pipeline
import Profiles
import Testing
import Verdicts

private func replay(
  _ path: String, _ logs: [String], model: String? = nil
) async throws -> Replay.Report {
  let reader = BundleReader(path: path)
  let settings = try Replay.settings(
    for: reader, logs: try LogFile.find(logs), modelPath: model, memoryLimit: 64_000_000, tasks: 2)
  return try Replay.compare(
    reader, with: try BundleWriter(try await Run(settings).contents(), keys: []).files())
}

@Test func theSameLogsGiveTheSameBytesAgain() async throws {
  let folder = try TemporaryFolder()
  let (_, path, log) = try await bundle(of: .mixed, in: folder)
  let report = try await replay(path, [log])
  #expect(report.isEqual && report.verdictsAgree)
  #expect(report.compared == 11)
}

@Test func signaturesAreNotComparedButWhatTheySignIs() async throws {
  let folder = try TemporaryFolder()
  let log = try folder.write(SyntheticLog.mixed.text, to: "log.ndjson")
  let contents = try await Run(settings([log])).contents()
  let path = try BundleWriter(contents, keys: [SigningKey()]).write(below: folder.path)
  #expect(try await replay(path, [log]).isEqual)
}

@Test func otherFilesOfTheSameRecordsAgreeInTheVerdicts() async throws {
  let folder = try TemporaryFolder()
  let (_, path, _) = try await bundle(of: .mixed, in: folder)
  let renamed = try folder.write(SyntheticLog.mixed.text, to: "other.ndjson")
  let report = try await replay(path, [renamed])
  #expect(!report.isEqual && report.verdictsAgree)
  #expect(report.different == ["inputs.json", "quarantine.ndjson.gz", "statement.json"])
}

@Test func anotherRecordIsFound() async throws {
  let folder = try TemporaryFolder()
  let (_, path, _) = try await bundle(of: .mixed, in: folder)
  var log = SyntheticLog.mixed
  log.add("gw1007", kind: "packet", time: 99, #""rssi_dbm":-100"#)
  let changed = try folder.write(log.text, to: "log.ndjson")
  let report = try await replay(path, [changed])
  #expect(!report.isEqual && !report.verdictsAgree)
  #expect(report.different.contains("ledger/root.json"))
  #expect(report.different.contains("verdicts/00000.ndjson.gz"))
}

@Test func missingAndExtraFilesDiffer() async throws {
  let folder = try TemporaryFolder()
  let (contents, path, _) = try await bundle(of: .mixed, in: folder)
  try FileManager.default.removeItem(atPath: "\(path)/policy.json")
  try Data([1]).write(to: URL(fileURLWithPath: "\(path)/extra"))
  let files = try BundleWriter(contents, keys: []).files()
  let report = try Replay.compare(BundleReader(path: path), with: files)
  #expect(report.different == ["extra", "policy.json"])
  #expect(report.verdictsAgree)
}

@Test func theWholeLogIsReplayedWhole() async throws {
  let folder = try TemporaryFolder()
  var log = SyntheticLog.mixed
  log.add("gw1000", kind: "packet", time: -86_400_000, #""rssi_dbm":-100"#)
  let file = try folder.write(log.text, to: "log.ndjson")
  let contents = try await Run(settings([file], selection: .all)).contents()
  #expect(contents.epoch == UInt64(SyntheticLog.day))
  let path = try BundleWriter(contents, keys: []).write(below: folder.path)
  #expect(try await replay(path, [file]).isEqual)
}

@Test func thePolicyOfTheBundleIsApplied() async throws {
  let folder = try TemporaryFolder()
  var policy = Policy.standard
  policy.minimumRecords = 27
  let file = try folder.write(SyntheticLog.mixed.text, to: "log.ndjson")
  let contents = try await Run(settings([file], policy: policy)).contents()
  #expect(contents.verdicts.count { $0.outcome == .abstain } == 61)
  let path = try BundleWriter(contents, keys: []).write(below: folder.path)
  #expect(try await replay(path, [file]).isEqual)
}

@Test func aBundleMadeWithAModelNeedsThatModel() async throws {
  let folder = try TemporaryFolder()
  let training = try folder.write(SyntheticLog(honest: 150, seed: 9).text, to: "training.ndjson")
  func model(_ name: String) async throws -> (TrainedModel, String) {
    let model = try await Training(settings([training]), decisions: [:]).model(
      name: name, version: "1"
    ).model
    let path = "\(folder.path)/\(name)"
    try model.write(to: path)
    return (model, path)
  }
  let (right, rightPath) = try await model("right")
  let (_, wrongPath) = try await model("wrong")
  let (_, path, log) = try await bundle(of: .mixed, in: folder, model: right)
  #expect(try await replay(path, [log], model: rightPath).isEqual)
  let digest = "0x" + right.digest.map { String(format: "%02x", $0) }.joined()
  let refusal = PipelineError.needsModel(name: "right", digest: digest)
  await #expect(throws: refusal) { _ = try await replay(path, [log]) }
  await #expect(throws: refusal) { _ = try await replay(path, [log], model: wrongPath) }
}

@Test func aProfileThatIsNotKnownAndAnEpochThatIsNoDayAreRefused() async throws {
  let folder = try TemporaryFolder()
  var contents = try await bundle(of: .mixed, in: folder).contents
  contents.profile = "weather"
  var path = try BundleWriter(contents, keys: []).write(below: folder.path)
  await #expect(throws: PipelineError.self) { _ = try await replay(path, [path]) }
  contents.profile = "wireless"
  contents.epoch = 9_007_199_254_740_991
  path = try BundleWriter(contents, keys: []).write(below: folder.path)
  let reader = BundleReader(path: path)
  #expect(throws: BundleError.self) {
    try Replay.settings(for: reader, logs: [], modelPath: nil, memoryLimit: 64_000_000, tasks: 1)
  }
}
