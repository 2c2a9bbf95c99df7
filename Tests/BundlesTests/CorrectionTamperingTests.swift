import Foundation
import Testing
import Verdicts

@testable import Bundles

/// What an operator with the key could do to the books of corrections, and is found.
@Suite struct CorrectionTamperingTests {
  private let decisions = Documents.decisions
  private let corrections = Documents.corrections

  /// The failures of revision `revision` after a change, its digests made anew.
  private func failures(
    _ revision: UInt32 = 3, _ change: (inout LooseBundle) throws -> Void
  ) throws -> [String] {
    var bundle = try CorrectionFixture.chain().loose(revision)
    try change(&bundle)
    try bundle.seal()
    return try bundle.failures()
  }

  private func edit(
    _ bundle: inout LooseBundle, _ name: String, _ change: (inout [String]) -> Void
  ) throws {
    var lines = try bundle.text(name).split(separator: "\n").map(String.init)
    change(&lines)
    bundle.files[name] = Array(lines.map { "\($0)\n" }.joined().utf8)
  }

  private func expect(
    _ failures: [String], _ part: String, _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(failures.contains { $0.contains(part) }, "\(failures)", sourceLocation: place)
  }

  @Test func theBundleIsGoodWhenNothingIsChanged() throws {
    for revision in 0...3 as ClosedRange<UInt32> {
      #expect(try failures(revision) { _ in } == [])
    }
  }

  @Test func missingFilesAreFound() throws {
    #expect(
      try failures { $0.files[decisions] = nil }
        == ["\(decisions) does not agree with the verdicts"])
    #expect(
      try failures { $0.files[corrections] = nil }
        == ["\(corrections) does not list the verdicts that supersede others"])
    // Of both, too: the verdicts tell.
    #expect(
      try failures {
        $0.files[decisions] = nil
        $0.files[corrections] = nil
      }.count == 2)
  }

  @Test func aRunThatClaimsCorrectionsIsFound() throws {
    let fixture = try CorrectionFixture.chain()
    for name in [decisions, corrections] {
      var bundle = try fixture.loose(0)
      bundle.files[name] = try fixture.reader(1).stored(name)
      try bundle.seal()
      expect(try bundle.failures(), name)
    }
  }

  @Test func aRunSupersedesNothing() throws {
    var bundle = try CorrectionFixture.chain().loose(1)
    try bundle.replace(#""revision":1,"#, by: #""revision":0,"#, in: "statement.json")
    try bundle.seal(bundle.files["statement.json"] ?? [])
    let failures = try bundle.failures()
    expect(failures, "revision 0 supersedes nothing")
    expect(failures, "revisions or nodes are out of order")
  }

  @Test func linesOfCorrectionsAreThoseOfTheVerdicts() throws {
    let part = "\(corrections) does not list"
    let changes: [(inout [String]) -> Void] = [
      { $0.swapAt(0, 1) }, { $0.removeLast() }, { $0.append($0[0]) }, { $0[1] += " " },
      { $0[0] = $0[0].replacingOccurrences(of: "reject", with: "accept") },
    ]
    for change in changes {
      #expect(try failures { try edit(&$0, corrections, change) }.allSatisfy { $0.contains(part) })
      #expect(try !failures { try edit(&$0, corrections, change) }.isEmpty)
    }
    let verdict = try CorrectionFixture.chain().lines("verdicts/00000.ndjson.gz", 0)[1]
    expect(try failures { try edit(&$0, corrections) { $0.append(verdict) } }, part)
  }

  /// Lines: a 1, c 1, a 2, a 3, d 3.
  @Test(arguments: [
    (0, #""from":"reject""#, #""from":"hold""#), (0, #""to":"accept""#, #""to":"abstain""#),
    (2, #""from":"accept""#, #""from":"abstain""#), (2, #""to":"hold""#, #""to":"abstain""#),
    (3, #""to":"reject""#, #""to":"hold""#), (3, #""from":"hold""#, #""from":"reject""#),
    (4, #""from":"abstain""#, #""from":"hold""#), (1, #""node":"c""#, #""node":"b""#),
    (4, #""node":"d""#, #""node":"dd""#), (0, #""supersedes":"0x"#, #""supersedes":"0xff"#),
    (0, #""supersedes":"0x"#, #""supersedes":"0x"#),
  ])
  func aChangedDecisionIsFound(line: Int, old: String, new: String) throws {
    let found = try failures { bundle in
      try edit(&bundle, decisions) { lines in
        #expect(lines[line].contains(old))
        if old == new {
          // Another leaf's hash.
          let other = lines[1].components(separatedBy: #""supersedes":""#)[1].prefix(66)
          let own = lines[line].components(separatedBy: #""supersedes":""#)[1].prefix(66)
          lines[line] = lines[line].replacingOccurrences(of: own, with: other)
        } else {
          lines[line] = lines[line].replacingOccurrences(of: old, with: new)
          if new.hasSuffix("ff") { lines[line] = Self.shortened(lines[line]) }
        }
      }
    }
    #expect(
      found == ["\(decisions) does not agree with the verdicts"], "\(line): \(new)")
  }

  /// The line with two digits less in its digest.
  private static func shortened(_ line: String) -> String {
    guard let end = line.range(of: #","to":"#) else { return line }
    let close = line.index(end.lowerBound, offsetBy: -3)
    return line.replacingCharacters(in: close..<line.index(close, offsetBy: 2), with: "")
  }

  @Test func theOrderOfDecisionsIsTheOneTheyWereMadeIn() throws {
    let part = "revisions or nodes are out of order"
    let changes: [(inout [String]) -> Void] = [
      { $0.swapAt(0, 1) }, { $0.swapAt(1, 2) }, { $0.swapAt(3, 4) }, { $0.append($0[4]) },
      { $0[0] = $0[0].replacingOccurrences(of: #""revision":1"#, with: #""revision":0"#) },
      { $0[4] = $0[4].replacingOccurrences(of: #""revision":3"#, with: #""revision":4"#) },
      { $0[2] = $0[2].replacingOccurrences(of: #""revision":2"#, with: #""revision":3"#) },
      { lines in lines = lines.map { $0.replacingOccurrences(of: #"n":3"#, with: #"n":2"#) } },
    ]
    for change in changes {
      expect(try failures { try edit(&$0, decisions, change) }, part)
    }
  }

  @Test func aRejectOverturnedByOneIsFound() throws {
    let found = try failures {
      try $0.replace(#""approved_by":"bo""#, by: #""approved_by":null"#, in: decisions)
    }
    #expect(found == ["\(decisions): a reject was overturned without a second person"])
  }

  @Test func anotherFormOfADecisionIsFound() throws {
    let changes: [(inout [String]) -> Void] = [
      { $0[0] += " " }, { $0.insert("", at: 1) },
      { $0[0] = $0[0].replacingOccurrences(of: #""to""#, with: #""x":1,"to""#) },
    ]
    for change in changes {
      #expect(
        try failures { try edit(&$0, decisions, change) }
          == ["\(decisions) is not in its one form"])
    }
  }

  @Test(arguments: [
    (#""finding":"false_positive""#, #""finding":"gossip""#),
    (#""approved_by":"bo""#, #""approved_by":"ada""#), (#""comment":""#, #""com":""#),
    (#""revision":1"#, #""revision":-1"#), (#""revision":1"#, #""revision":4294967296"#),
    ("{", "["),
  ])
  func whatIsNoDecisionIsFoundWithoutACrash(old: String, new: String) throws {
    expect(
      try failures { try $0.replace(old, by: new, in: decisions) }, "a line is no decision")
  }

  @Test func aVerdictThatSupersedesALeafThatNeverWasIsFound() throws {
    var bundle = try CorrectionFixture.chain().loose(1)
    let file = "verdicts/00000.ndjson.gz"
    let old = try CorrectionFixture.chain().leaf("a", 0).hex
    let new = "0x" + String(repeating: "12", count: 32)
    for name in [file, corrections, decisions] { try bundle.replace(old, by: new, in: name) }
    try bundle.seal()
    // The root would be made anew as well; what cannot be made is a leaf with this hash.
    expect(try bundle.failures(), "\(decisions) does not agree with the verdicts")
  }
}
