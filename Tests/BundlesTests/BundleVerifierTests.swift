import Contributions
import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

/// Whether the failures are these alone, each told by a part of its text.
private func expect(
  _ failures: [String], toTell parts: [String], _ place: SourceLocation = #_sourceLocation
) {
  for part in parts {
    #expect(failures.contains { $0.contains(part) }, "\(part): \(failures)", sourceLocation: place)
  }
  #expect(failures.count == parts.count, "\(failures)", sourceLocation: place)
}

@Test func aGoodBundleIsGoodAndNamesItsSigners() throws {
  let key = try #require(BundleContents.key)
  let report = try LooseBundle(keys: [key]).verified()
  #expect(report.failures == [] && report.isGood)
  #expect(report.signers == [key.publicKeyHex])
  #expect(report.leafCount == 4 && report.checks > 20)
  var sealed = try LooseBundle(keys: [key])
  try sealed.seal()
  #expect(try sealed.failures() == [])
}

@Test func aBundleThatIsNotThereCannotBeRead() throws {
  let folder = try TemporaryFolder()
  #expect(throws: BundleError.self) { try BundleVerifier.verify(path: folder.path) }
  #expect(throws: BundleError.self) { try BundleVerifier.verify(path: "\(folder.path)/none") }
}

@Test func aWrongQIsFound() throws {
  var contents = BundleContents.tiny
  contents.verdicts[1].qPpb += 1
  expect(try LooseBundle(contents).failures(), toTell: ["q-values do not follow"])
}

@Test func swappedVerdictsAreFound() throws {
  var contents = BundleContents.tiny
  contents.verdicts.swapAt(1, 2)
  BundleContents.setQ(&contents.verdicts)
  expect(
    try LooseBundle(contents).failures(), toTell: ["verdict 2: nodes are not in ascending order"])
}

@Test func aNodeThatStandsTwiceIsFound() throws {
  var contents = BundleContents.tiny
  contents.verdicts[2].node = "b"
  expect(
    try LooseBundle(contents).failures(), toTell: ["verdict 2: nodes are not in ascending order"])
}

@Test func reasonsThatTheTableDoesNotKnowAreFound() throws {
  var contents = BundleContents.tiny
  contents.verdicts[1].reasons[0].code = "MADE_UP"
  expect(
    try LooseBundle(contents).failures(), toTell: ["verdict 1: reasons.json does not know MADE_UP"])
  contents = .tiny
  contents.verdicts[0].reasons[1].reasonClass = "fault"
  expect(
    try LooseBundle(contents).failures(), toTell: ["verdict 0: reasons.json does not know SHARED"])
}

@Test func aCodeInOtherBytesIsAnotherCode() throws {
  var contents = BundleContents.tiny
  contents.reasons.append(.mutedCheck)
  // The Kelvin sign, which Swift's strings take for a K.
  contents.verdicts[1].reasons[0].code = "CHEC\u{212A}_MUTED"
  contents.verdicts[1].reasons[0].reasonClass = "verifier"
  let failures = try LooseBundle(contents).failures()
  #expect(failures.contains { $0.contains("reasons.json does not know") })
}

@Test func sharesBeyondTheWholeOrOutOfOrderAreFound() throws {
  var contents = BundleContents.tiny
  contents.verdicts[0].reasons[1].sharePpm = 300_001
  expect(try LooseBundle(contents).failures(), toTell: ["verdict 0: the reasons' shares"])
  contents = .tiny
  contents.verdicts[0].reasons.reverse()
  expect(try LooseBundle(contents).failures(), toTell: ["verdict 0: the reasons' shares"])
}

@Test func aPOfZeroIsFound() throws {
  var contents = BundleContents.tiny
  contents.verdicts[0].pPpb = 0
  BundleContents.setQ(&contents.verdicts)
  expect(try LooseBundle(contents).failures(), toTell: ["verdict 0: p is not in (0, 1]"])
}

private let verdictFile = "verdicts/00000.ndjson.gz"

@Test func aLineInAnotherFormIsFound() throws {
  var bundle = try LooseBundle()
  try bundle.replace(#""node":"b""#, by: #""node": "b""#, in: verdictFile)
  try bundle.seal()
  expect(try bundle.failures(), toTell: ["verdict 1: not canonical"])
  bundle = try LooseBundle()
  try bundle.replace(#""score_ppm":500000"#, by: #""score_ppm":500001"#, in: verdictFile)
  try bundle.seal()
  expect(try bundle.failures(), toTell: ["verdict 2: not canonical, or a member"])
  bundle = try LooseBundle()
  try bundle.replace(#""verdict":"accept""#, by: #""verdict":"accept","x":1"#, in: verdictFile)
  try bundle.seal()
  expect(try bundle.failures(), toTell: ["verdict 2: not canonical"])
}

@Test func aVerdictOfAnotherEpochIsFound() throws {
  var bundle = try LooseBundle()
  let other = try LooseBundle(
    {
      var contents = BundleContents.tiny
      contents.epoch += 1
      return contents
    }())
  bundle.files[verdictFile] = other.files[verdictFile]
  try bundle.seal()
  let failures = try bundle.failures()
  #expect(failures.filter { $0.contains("epoch, profile or place") }.count == 4)
  #expect(failures.contains { $0.contains("the Merkle root differs") })
}

@Test func anOutcomeChangedBehindTheRootIsFound() throws {
  var bundle = try LooseBundle()
  try bundle.replace(#""verdict":"reject""#, by: #""verdict":"accept""#, in: verdictFile)
  try bundle.seal()
  expect(
    try bundle.failures(),
    toTell: ["counts of verdicts differ", "the Merkle root differs", "ledger/root.json is not"])
}

@Test func wrongCountsAndRootsOfTheStatementAreFound() throws {
  let text = try LooseBundle().text("statement.json")
  func failures(_ old: String, _ new: String) throws -> [String] {
    var bundle = try LooseBundle()
    try bundle.seal(Array(text.replacingOccurrences(of: old, with: new).utf8))
    return try bundle.failures()
  }
  expect(try failures(#""hold":1"#, #""hold":2"#), toTell: ["statement: counts of verdicts differ"])
  expect(
    try failures(#""leaf_count":4"#, #""leaf_count":5"#), toTell: ["the leaf count differs"])
  expect(
    try failures(#""merkle_root":"0x"#, #""merkle_root":"0x0"#), toTell: ["the Merkle root differs"]
  )
  expect(
    try failures(#""policy":"0x"#, #""policy":"0x0"#), toTell: ["digest of policy.json differs"])
  expect(
    try failures("in-toto.io/Statement/v1", "in-toto.io/Statement/v2"),
    toTell: ["statement.json is not in its one form"])
}

@Test func theLedgersRootHasToFollow() throws {
  var bundle = try LooseBundle()
  try bundle.replace(#""leaf_count":4"#, by: #""leaf_count":3"#, in: "ledger/root.json")
  expect(try bundle.failures(), toTell: ["ledger/root.json is not the root"])
}

@Test func anotherModelIsFound() throws {
  var bundle = try LooseBundle()
  try bundle.replace("0x07", by: "0x08", in: "model.json")
  try bundle.seal()
  expect(try bundle.failures(), toTell: ["model differs from model.json"])
}

@Test func booksThatDoNotBalanceAreFound() throws {
  for (old, new, told) in [
    (#""used":100"#, #""used":99"#, ["read is not used + duplicate + quarantined"]),
    (
      #""quarantined":2"#, #""quarantined":3"#,
      ["read is not used", "quarantine.ndjson.gz does not hold"]
    ),
    (#""records":103"#, #""records":104"#, ["the files' records are not those read"]),
    (#""used":100"#, #""used":9223372036854775807"#, ["read is not used"]),
    (#""duplicate":1"#, #""duplicate":-1"#, ["read is not used"]),
    (#""records":103"#, #""records":9223372036854775807"#, ["files' records are not those read"]),
  ] {
    var bundle = try LooseBundle()
    try bundle.replace(old, by: new, in: "inputs.json")
    try bundle.seal()
    expect(try bundle.failures(), toTell: told)
  }
}
