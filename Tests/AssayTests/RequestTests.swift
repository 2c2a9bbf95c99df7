import Assay
import Contributions
import Testing

private let head = #""api_version":"depin.verifier.v1","request_id":"r-1","epoch":20454"#
private let someItem = #"{"item_id":"a","profile":"wireless","records":[{"ts":1}]}"#

private func parse(
  _ text: String, _ limits: VerifierLimits = VerifierLimits()
) throws(RequestError) -> VerifyRequest {
  try VerifyRequest(json: Array(text.utf8), limits: limits)
}

private func code(_ text: String, _ limits: VerifierLimits = VerifierLimits()) -> RequestError.Code?
{
  do throws(RequestError) {
    _ = try parse(text, limits)
    return nil
  } catch {
    #expect(!error.message.isEmpty)
    return error.code
  }
}

@Suite struct RequestTests {
  @Test func everyMemberIsRead() throws {
    let text =
      " {\(head), \"as_of\" : 1767300000000,\n\"mode\":\"SHADOW\",\"deadline_ms\":250,"
      + #""items":[{"records":[ {"ts": 1.50, "a":"]}\"{"} , 2],"item_id":"\u0061\ud83d\ude00","#
      + #""profile":"wireless"},{"item_id":"b","profile":"x","records":[]}]} "#
    let request = try parse(text)
    #expect(request.requestID == "r-1" && request.epoch == 20_454)
    #expect(request.asOf == 1_767_300_000_000 && request.mode == .shadow)
    #expect(request.deadlineMs == 250 && request.items.count == 2)
    #expect(request.items[0].itemID == "a😀" && request.items[0].profile == "wireless")
    #expect(request.items[0].records.count == 2)
    // As they came: digits, spaces and all.
    #expect(request.items[0].records[0] == Array(#"{"ts": 1.50, "a":"]}\"{"}"#.utf8))
    #expect(request.items[0].records[1] == Array("2".utf8))
    #expect(request.items[1].records.count == 0)
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    let request = try parse("{\(head),\"as_of\":null,\"items\":[\(someItem)]}")
    #expect(request.asOf == nil && request.mode == .enforce && request.deadlineMs == nil)
  }

  @Test(arguments: [
    ("", RequestError.Code.notJSON), ("[]", .notJSON), ("{", .notJSON), ("{} {}", .notJSON),
    (#"{"api_version":"depin.verifier.v1"}"#, .missingField),
    (#"{"request_id":"r"}"#, .missingField),
    (#"{"api_version":"depin.verifier.v2","request_id":"r"}"#, .unsupportedVersion),
    (#"{"api_version":1}"#, .badField), (#"{"surprise":1}"#, .unknownField),
    ("{\(head)}", .missingField), ("{\(head),\"items\":{}}", .badField),
    ("{\(head),\"items\":[]}", .noItems), ("{\(head),\"items\":[1]}", .badField),
    ("{\(head),\"items\":[{}]}", .missingField),
    ("{\(head),\"items\":[\(someItem),\(someItem)]}", .repeatedItem),
    ("{\(head),\"epoch\":1,\"items\":[\(someItem)]}", .repeatedField),
    ("{\(head),\"mode\":\"enforce\",\"items\":[\(someItem)]}", .badField),
    ("{\(head),\"deadline_ms\":0,\"items\":[\(someItem)]}", .badField),
    ("{\(head),\"deadline_ms\":99999999,\"items\":[\(someItem)]}", .badField),
    ("{\(head),\"as_of\":-1,\"items\":[\(someItem)]}", .badField),
    ("{\(head),\"as_of\":1.0,\"items\":[\(someItem)]}", .badField),
    ("{\(head),\"as_of\":99999999999999999999,\"items\":[\(someItem)]}", .badField),
    (#"{"api_version":"depin.verifier.v1","request_id":"","epoch":1,"items":[]}"#, .badField),
    (#"{"api_version":"depin.verifier.v1","request_id":"é","epoch":1,"items":[]}"#, .badField),
    (#"{"api_version":"depin.verifier.v1","request_id":"r","epoch":-1,"items":[]}"#, .badField),
    (#"{"request_id":"\ud800"}"#, .notJSON), (#"{"request_id":"\x"}"#, .notJSON),
    ("{\(head),\"items\":[{\"item_id\":\"\",\"profile\":\"p\",\"records\":[]}]}", .badField),
    ("{\(head),\"items\":[{\"item_id\":\"a\",\"profile\":\"p\",\"records\":{}}]}", .badField),
    ("{\(head),\"items\":[{\"item_id\":\"a\",\"profile\":\"p\",\"records\":[01]}]}", .notJSON),
    ("{\(head),\"items\":[{\"item_id\":\"a\",\"profile\":\"p\",\"records\":[1,]}]}", .notJSON),
    ("{\(head),\"items\":[{\"item_id\":\"a\",\"profile\":\"p\",\"records\":[tru]}]}", .notJSON),
  ])
  func mistakesAreNamed(text: String, expected: RequestError.Code) {
    #expect(code(text) == expected, "\(text)")
  }

  @Test func limitsHold() {
    var limits = VerifierLimits()
    limits.maxItems = 1
    limits.maxRecords = 2
    limits.maxBytes = 400
    func text(_ records: String, items: Int = 1) -> String {
      let items = (0..<items).map {
        #"{"item_id":"\#($0)","profile":"wireless","records":[\#(records)]}"#
      }
      return "{\(head),\"items\":[\(items.joined(separator: ","))]}"
    }
    #expect(code(text("1,2"), limits) == nil)
    #expect(code(text("1,2,3"), limits) == .tooManyRecords)
    #expect(code(text("1", items: 2), limits) == .tooManyItems)
    #expect(code(text("1" + String(repeating: " ", count: 400)), limits) == .tooLarge)
    let deep = String(repeating: "[", count: 100_000)
    #expect(code(text(deep)) == .tooDeep)
    let allowed = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(code(text(allowed)) == nil)
  }

  @Test func theDigestIsOfWhatIsAskedAndNotOfHowItIsSpelled() throws {
    // Worked out by Python's hashlib and json from the definition.
    let text = "{\(head),\"items\":[\(someItem)]}"
    let digest = try parse(text).digest
    #expect(
      Hex.encode(digest) == "7c5c54604d089020e1bd3153011dbbef1d197bb07bc6a22b0b8a90767e17b9ce")
    let same =
      #"{"items":[{"records":[ { "ts" : 1 } ],"profile":"wireless","item_id":"a"}],"#
      + #""deadline_ms":5,"epoch":20454,"request_id":"other","api_version":"depin.verifier.v1","#
      + #""mode":"ENFORCE"}"#
    #expect(try parse(same).digest == digest)
    let item = VerifyItem(
      itemID: "a", profile: "wireless", records: RecordLines(ndjson: Array("{\"ts\":1}\n\n".utf8)))
    #expect(try VerifyRequest(requestID: "x", epoch: 20_454, items: [item]).digest == digest)
    let others = [
      text.replacing("20454", with: "20455"), text.replacing("\"ts\":1", with: "\"ts\":1.0"),
      text.replacing("\"a\"", with: "\"b\""), text.replacing("wireless", with: "storage"),
      text.replacing("{\"ts\":1}", with: "{\"ts\":1},{\"ts\":1}"),
      text.replacing("\"items\"", with: "\"mode\":\"SHADOW\",\"items\""),
      text.replacing("\"items\"", with: "\"as_of\":1,\"items\""),
    ]
    var digests: Set<[UInt8]> = [digest]
    for other in others { digests.insert(try parse(other).digest) }
    #expect(digests.count == others.count + 1)
  }

  private func digest(ofRecord text: String) throws -> [UInt8] {
    let item = VerifyItem(itemID: "a", profile: "wireless", records: RecordLines([text]))
    return try VerifyRequest(requestID: "x", epoch: 20_454, items: [item]).digest
  }

  @Test func whatIsNoJSONDoesNotHaveTheDigestOfJSON() throws {
    let whole = try digest(ofRecord: #"{"rssi":-12}"#)
    let parted = try digest(ofRecord: #"{"rssi":-1 2}"#)
    #expect(parted != whole)
    #expect(try digest(ofRecord: "{\"rssi\":-1 \t\r 2}") == parted)
    let word = try digest(ofRecord: #"{"a":true}"#)
    #expect(try digest(ofRecord: #"{"a":tru e}"#) != word)
    #expect(try digest(ofRecord: " {\"rssi\" :\t-12 }\r") == whole)
    let spaced = try digest(ofRecord: #"{ "a" : [1 , 2 ,true ] , "b" : "x  y" , "c" : null }"#)
    #expect(try digest(ofRecord: #"{"a":[1,2,true],"b":"x  y","c":null}"#) == spaced)
  }

  @Test func linesAreReadUpToALimit() throws {
    let text = Array("{\"ts\":1}\n \t\r\n\n2\r\n3".utf8)
    #expect(RecordLines(ndjson: text, upTo: 2) == nil)
    let lines = try #require(RecordLines(ndjson: text, upTo: 3))
    #expect(lines.count == 3 && lines[0] == Array(#"{"ts":1}"#.utf8))
    #expect(lines[1] == Array("2\r".utf8) && lines[2] == [UInt8(ascii: "3")])
    #expect(RecordLines(ndjson: text).count == 3)
    #expect(RecordLines(ndjson: Array("\n\n".utf8), upTo: 0)?.count == 0)
  }
}
