import Bundles
import Contributions
import Detection
import Foundation
import Ingestion
import Pipeline
import Profiles
import Relations
import Testing
import Verdicts

private func labels(_ text: String) throws -> [[UInt8]: Bool] {
  let folder = try TemporaryFolder()
  return try Training.decisions(labels: folder.write(text, to: "labels.csv"))
}

private func nodes(_ decided: [String: Bool]) -> [[UInt8]: Bool] {
  Dictionary(uniqueKeysWithValues: decided.map { (Array($0.utf8), $1) })
}

@Test func labelsAreReadAsRFC4180Says() throws {
  let abc = nodes(["a": true, "b": false, "c": true])
  let ab = nodes(["a": true, "b": false])
  #expect(try labels("node,label,attack\na,1,W1\nb,0,\nc,1,W5\n") == abc)
  #expect(try labels("attack,label,other,node\nW1,1,x,a\n,0,x,b") == ab)
  #expect(try labels("node,label\r\na,1\r\nb,0\r\n") == ab)
  #expect(try labels("node,label\n\n\na,1\n\n") == nodes(["a": true]))
  #expect(try labels("\u{FEFF}node,label\na,1\n") == nodes(["a": true]))
  #expect(try labels("node,label\n").isEmpty)
}

@Test func decisionsMayBeOutcomesAndTheLaterOneCounts() throws {
  let text = "node,epoch,outcome\na,1,reject\nb,1,accept\na,2,accept\n"
  #expect(try labels(text) == nodes(["a": false, "b": false]))
}

@Test func quotedLabelsKeepCommasQuotesAndLineFeeds() throws {
  let text = "\"node\",label\n\"a,b\",1\n\"say \"\"hi\"\"\",1\n\"two\r\nlines\",\"1\"\n\"\",0\n"
  #expect(
    try labels(text)
      == nodes(["a,b": true, "say \"hi\"": true, "two\r\nlines": true, "": false]))
}

@Test(arguments: [
  ("", "header"), ("name,label\na,1\n", "header"), ("node;label\na;1\n", "header"),
  ("node,label\na,2\n", "row 2"), ("node,label\na,1\nb\n", "row 3"), ("node,label\na,\n", "row 2"),
  ("node,label\na,yes\n", "row 2"), ("node,label,x\na,1,\"open\nb,1,\n", "never closes"),
])
func whatIsNoLabelsFileIsRefused(_ damage: (String, String)) {
  #expect {
    try labels(damage.0)
  } throws: { error in
    guard case .badLabels(_, let reason)? = error as? PipelineError else { return false }
    return reason.contains(damage.1)
  }
}

@Test func labelsThatAreNoTextOrNotThereAreRefused() throws {
  let folder = try TemporaryFolder()
  let path = "\(folder.path)/labels.csv"
  #expect(throws: PipelineError.cannotRead(path: path)) {
    try Training.decisions(labels: path)
  }
  try Data(Array("node,label\n".utf8) + [0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
  #expect(throws: PipelineError.badLabels(path: path, reason: "it is not UTF-8")) {
    try Training.decisions(labels: path)
  }
}

private func train(
  _ log: SyntheticLog, in folder: TemporaryFolder, decisions: [[UInt8]: Bool] = [:]
) async throws -> (model: TrainedModel, card: ModelCard) {
  let file = try folder.write(log.text, to: "training.ndjson")
  return try await Training(settings([file]), decisions: decisions).model(name: "m", version: "3")
}

@Test func aModelIsTheSameAfterItsFile() async throws {
  let folder = try TemporaryFolder()
  let model = try await train(SyntheticLog(honest: 150, seed: 9), in: folder).model
  let path = "\(folder.path)/m.safetensors"
  try model.write(to: path)
  let again = try TrainedModel(path: path, for: "wireless")
  #expect(again.bytes == model.bytes && again.digest == model.digest)
  #expect(again.name == "m" && again.version == "3" && again.profile == "wireless")
  // Written anew from its parts it has the same bytes.
  let rebuilt = TrainedModel(
    profile: again.profile, name: again.name, version: again.version, detection: again.detection,
    throughput: again.throughput)
  #expect(rebuilt.bytes == model.bytes)
}

@Test func modelsOfOthersAreRefused() async throws {
  let folder = try TemporaryFolder()
  let model = try await train(SyntheticLog(honest: 150, seed: 9), in: folder).model
  let path = "\(folder.path)/m.safetensors"
  try model.write(to: path)
  #expect(
    throws: PipelineError.wrongModel(path: path, reason: "it was trained for wireless")
  ) { try TrainedModel(path: path, for: "compute") }
  #expect(throws: PipelineError.cannotRead(path: "\(path)x")) {
    try TrainedModel(path: "\(path)x", for: "wireless")
  }
  for damage in [
    [], Array(model.bytes.prefix(100)), Array(model.bytes.dropLast(8)), Array("text".utf8),
  ] {
    try Data(damage).write(to: URL(fileURLWithPath: path))
    #expect(throws: PipelineError.self) { try TrainedModel(path: path, for: "wireless") }
  }
  var other = Safetensors()
  other.set("format", text: "another")
  try Data(other.bytes).write(to: URL(fileURLWithPath: path))
  #expect(
    throws: PipelineError.wrongModel(path: path, reason: "its format is not assay-model-2")
  ) { try TrainedModel(path: path, for: "wireless") }
}

@Test func accusedLabelledAndTinyNodesTeachNothing() async throws {
  let folder = try TemporaryFolder()
  var log = SyntheticLog(honest: 150, seed: 9)
  var random = Noise(state: 1)
  log.addNode("attacker", &random, receptions: 30, rssi: -97)
  log.addNode("tiny", &random, receptions: 2)
  let trained = try await train(
    log, in: folder, decisions: nodes(["gw1003": true, "gw1004": true]))
  let path = "\(folder.path)/card.json"
  try trained.card.write(to: path)
  let card = try json(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
  #expect(card["nodes"] as? Int == 152)
  #expect(card["reference_nodes"] as? Int == 148)
  #expect(card["decided_spoofed"] as? Int == 2)
  #expect(card["profile"] as? String == "wireless")
  #expect(card["epoch"] as? Int64 == SyntheticLog.day)
  let digest = "0x" + trained.model.digest.map { String(format: "%02x", $0) }.joined()
  #expect(card["digest"] as? String == digest)
  #expect(trained.card.text.contains(digest))
}

@Test func tooFewNodesTeachNoModel() async throws {
  let folder = try TemporaryFolder()
  await #expect(throws: DetectionError.self) {
    _ = try await train(SyntheticLog(honest: 12), in: folder)
  }
}

@Test func aModelJudgesAnotherNight() async throws {
  let folder = try TemporaryFolder()
  let model = try await train(SyntheticLog(honest: 200, seed: 9), in: folder).model
  let (contents, path, _) = try await bundle(of: .mixed, in: folder, model: model)
  #expect(contents.model.digest == model.digest)
  #expect(try BundleVerifier.verify(path: path).failures == [])
  let rejected = contents.verdicts.filter { $0.outcome == .reject }.map(\.node)
  #expect(rejected.contains("attacker"))
  let drift = try json(BundleReader(path: path).bytes("reports/drift.json"))
  let features = try #require(drift["features"] as? [[String: Any]])
  let columns = Profile.wireless.features + Relations.features(for: .wireless)
  #expect(features.compactMap { $0["name"] as? String } == columns.map(\.name))
  #expect(features.allSatisfy { ($0["psi_micro"] as? Int64 ?? -1) >= 0 })
  #expect(drift["warn_psi_micro"] as? Int == 100_000)
  #expect(drift["alarm_psi_micro"] as? Int == 250_000)
  let digest = model.digest.map { String(format: "%02x", $0) }.joined()
  #expect(drift["baseline"] as? String == "0x" + digest)
}
