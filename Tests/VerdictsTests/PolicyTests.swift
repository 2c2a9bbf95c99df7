import Testing
import Verdicts

struct PolicyTests {
  private func policy(_ text: String) throws -> Policy {
    try Policy(json: Array(text.utf8))
  }

  private func refusal(_ text: String) -> PolicyError? {
    #expect(throws: PolicyError.self) { try policy(text) }
  }

  @Test func `nothing said is the standard`() throws {
    #expect(try policy("{}") == .standard)
    #expect(try policy(#"{"version":1,"minimum_records":null,"hold_q_ppb":null}"#) == .standard)
    #expect(Policy.standard.rejectQPpb == 10_000_000 && Policy.standard.holdQPpb == 100_000_000)
  }

  @Test func `what is said holds, and the bytes say it again`() throws {
    let text =
      #"{"arbitrary_dependence":1,"drift_holds":0,"hold_q_ppb":50000000,"#
      + #""minimum_records":12,"muted_minimum_nodes":5,"#
      + #""muted_share_ppm":1000000,"reject_q_ppb":0,"version":1}"#
    let read = try policy(text)
    #expect(read.rejectQPpb == 0 && read.holdQPpb == 50_000_000 && read.minimumRecords == 12)
    #expect(read.assumesNoIndependence && !read.driftHolds)
    #expect(read.mutedMinimumNodes == 5 && read.mutedSharePpm == 1_000_000)
    #expect(String(decoding: read.bytes, as: UTF8.self) == text)
  }

  /// The digest of every run under the standard policy is of these bytes.
  @Test func `the standard policy's canonical bytes stay`() throws {
    let golden =
      #"{"arbitrary_dependence":0,"drift_holds":1,"hold_q_ppb":100000000,"#
      + #""minimum_records":null,"muted_minimum_nodes":20,"#
      + #""muted_share_ppm":200000,"reject_q_ppb":10000000,"version":1}"#
    #expect(String(decoding: Policy.standard.bytes, as: UTF8.self) == golden)
    #expect(try Policy(json: Policy.standard.bytes) == .standard)
  }

  @Test func `an unknown key is refused, whatever its value`() {
    for value in ["1", #""text""#, "{}", "null", "[1]", "0.5"] {
      let error = refusal(#"{"reject_q":\#(value),"hold_q_ppb":7}"#)
      guard case .unknownKey("reject_q", let known) = error else {
        Issue.record("\(value) gave \(String(describing: error))")
        continue
      }
      #expect(known.contains("reject_q_ppb"))
    }
  }

  @Test(arguments: [
    "-1", "0.5", "1e-3", "1e30", "9223372036854775808", "9007199254740992", #""5""#, "true", "[]",
    "{}",
  ])
  func `what is no integer from zero up is refused by its key`(value: String) {
    #expect(
      refusal(#"{"minimum_records":\#(value)}"#) == .notAnInteger("minimum_records"))
    #expect(refusal(#"{"hold_q_ppb":\#(value)}"#) == .notAnInteger("hold_q_ppb"))
  }

  @Test func `a flag is 0 or 1`() {
    for key in ["arbitrary_dependence", "drift_holds"] {
      #expect(refusal(#"{"\#(key)":2}"#) == .contradiction("\(key) is 0 or 1"))
    }
  }

  @Test(arguments: ["", "[]", "7", "null", "{", #"{"version":1"#, "\u{0}"])
  func `what is no object is refused`(text: String) {
    #expect(refusal(text) == .notAnObject)
  }

  @Test func `another version is refused`() {
    #expect(refusal(#"{"version":2}"#) == .unknownVersion(2))
    #expect(refusal(#"{"version":0}"#) == .unknownVersion(0))
  }

  @Test(arguments: [
    #"{"reject_q_ppb":2,"hold_q_ppb":1}"#, #"{"hold_q_ppb":9999999}"#,
    #"{"hold_q_ppb":1000000001}"#, #"{"muted_share_ppm":1000001}"#,
    #"{"muted_share_ppm":9007199254740991}"#,
  ])
  func `limits that contradict each other are refused`(text: String) {
    guard case .contradiction = refusal(text) else {
      Issue.record("\(text) was taken")
      return
    }
  }

  @Test func `equal limits are no contradiction`() throws {
    let read = try policy(#"{"reject_q_ppb":1000000000,"hold_q_ppb":1000000000}"#)
    #expect(read.rejectQPpb == read.holdQPpb)
  }
}
