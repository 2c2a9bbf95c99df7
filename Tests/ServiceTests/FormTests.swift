import Foundation
import Testing

@testable import Service

@Suite struct FormTests {
  @Test func fieldsAreReadInOrderWithPlusAndPercent() throws {
    let form = try Form(urlEncoded: Array("a=1+2&b=%C3%A9&a=&c".utf8))
    #expect(form.all("a") == ["1 2", ""] && form["b"] == "é" && form["c"] == "")
    #expect(form.text("a") == "1 2" && form["d"] == nil)
  }

  @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "%C3=1"])
  func brokenTextIsRefused(_ text: String) {
    #expect(throws: Refusal.self) { try Form(urlEncoded: Array(text.utf8)) }
  }

  @Test func moreFieldsThanAnyPageHasAreRefused() {
    let text = Array(repeating: "a=1", count: Form.limit + 1).joined(separator: "&")
    #expect(throws: Refusal.self) { try Form(urlEncoded: Array(text.utf8)) }
  }

  @Test func whatIsEncodedIsReadBack() throws {
    for text in ["a b&c=d", "é\u{202E}%", "+", "\n\t"] {
      let form = try Form(urlEncoded: Array("x=\(URLText.encoded(text))".utf8))
      #expect(form["x"] == text)
    }
  }

  @Test func aFormWithAFileIsRead() throws {
    let body = [
      "--XX", #"Content-Disposition: form-data; name="csrf""#, "", "tok",
      "--XX", #"Content-Disposition: form-data; name="packet"; filename="a.json""#,
      "Content-Type: application/json", "", "{\"a\":\"--XX\"}\r\n--XY", "--XX--", "",
    ].joined(separator: "\r\n")
    let boundary = try #require(Multipart.boundary(of: "multipart/form-data; boundary=\"XX\""))
    let form = try Multipart.form(Array(body.utf8), boundary: boundary)
    #expect(form["csrf"] == "tok")
    #expect(
      form.files["packet"].map { String(decoding: $0, as: UTF8.self) }
        == "{\"a\":\"--XX\"}\r\n--XY")
  }

  @Test(arguments: ["", "--XX", "--XX\r\n\r\n", "--XX\r\nno head\r\n--XX--", "--XX--XX--XX"])
  func brokenPartsAreRefused(_ text: String) {
    #expect(throws: Refusal.self) { try Multipart.form(Array(text.utf8), boundary: "XX") }
  }

  @Test(arguments: ["text/plain", "multipart/form-data", "multipart/form-data; boundary="])
  func otherTypesHaveNoBoundary(_ type: String) {
    #expect(Multipart.boundary(of: type) == nil)
  }

  @Test(arguments: [
    ("/items/3", "/items/3"), ("//evil", "/"), ("https://evil", "/"), ("/\\evil", "/"), (nil, "/"),
    ("/a?b", "/"), ("javascript:x", "/"),
  ])
  func onlyOwnPathsAreGoneTo(_ pair: (String?, String)) {
    #expect(LoginPage.ownPath(pair.0) == pair.1)
  }

  @Test func anAddressHasItsRequestsAMinuteAndNoMore() {
    let limiter = AddressLimiter(perMinute: 3)
    let start = Date(timeIntervalSince1970: 0)
    #expect((0..<3).allSatisfy { _ in limiter.admits("a", now: start) })
    #expect(!limiter.admits("a", now: start))
    #expect(limiter.admits("b", now: start))
    #expect(!limiter.admits("a", now: start.addingTimeInterval(19)))
    #expect(limiter.admits("a", now: start.addingTimeInterval(21)))
    #expect(!limiter.admits("a", now: start.addingTimeInterval(21)))
  }

  @Test func guestTokensFitTheirCookieOnly() {
    let guests = GuestTokens()
    #expect(guests.isToken(guests.token(for: "a"), for: "a"))
    #expect(!guests.isToken(guests.token(for: "a"), for: "b"))
    #expect(!GuestTokens().isToken(guests.token(for: "a"), for: "a"))
    #expect(!guests.isToken("", for: "a"))
  }
}
