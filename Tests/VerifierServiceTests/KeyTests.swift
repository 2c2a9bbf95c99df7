import Foundation
import Testing

@testable import VerifierService

@Suite struct KeyTests {
  private let now = Date(timeIntervalSince1970: 1_767_225_600)

  private func key(_ secret: String) -> APIKey {
    APIKey(id: "a", secretSHA256: APIKey.digest(ofSecret: secret), scopes: [.verify])
  }

  private func refusal(_ key: APIKey, _ authorization: String?) -> KeyRing.Refusal? {
    do throws(KeyRing.Refusal) {
      _ = try KeyRing([key]).caller(authorization: authorization, now: now)
      return nil
    } catch {
      return error
    }
  }

  @Test func onlyTheSecretItselfIsTaken() {
    #expect(refusal(key("s"), "Bearer a.s") == nil)
    #expect(refusal(key("s"), "bearer  a.s") == nil)
    #expect(refusal(key("s.t"), "Bearer a.s.t") == nil)
    #expect(refusal(key("s"), nil) == .absent)
    #expect(refusal(key("s"), "Bearer a.S") == .wrongSecret)
    #expect(refusal(key("s"), "Bearer b.s") == .unknown)
    for text in ["", "Bearer", "a.s", "Bearer a", "Bearer a.", "Bearer .s", "Bearer a.s b"] {
      #expect(refusal(key("s"), text) == .malformed)
    }
  }

  @Test func aKeyEndsAtItsMoment() {
    var ending = key("s")
    ending.notAfter = now.addingTimeInterval(1)
    #expect(refusal(ending, "Bearer a.s") == nil)
    ending.notAfter = now
    #expect(refusal(ending, "Bearer a.s") == .expired)
  }

  @Test func thePreviousSecretIsTakenForItsTime() {
    var rotated = key("new")
    let digest = APIKey.digest(ofSecret: "old")
    rotated.previous = .init(secretSHA256: digest, notAfter: now.addingTimeInterval(1))
    #expect(refusal(rotated, "Bearer a.old") == nil)
    #expect(refusal(rotated, "Bearer a.new") == nil)
    rotated.previous = .init(secretSHA256: digest, notAfter: now)
    #expect(refusal(rotated, "Bearer a.old") == .expired)
    #expect(refusal(rotated, "Bearer a.new") == nil)
  }

  @Test func aFileIsReadAsItWasWritten() throws {
    var one = key("s")
    one.scopes = Set(Scope.allCases)
    one.requestsPerSecond = 5
    one.recordsPerDay = 1_000
    one.notAfter = now
    one.previous = .init(secretSHA256: APIKey.digest(ofSecret: "t"), notAfter: now)
    var two = key("u")
    two.id = "b"
    let file = KeyFile(keys: [one, two])
    #expect(try KeyFile(json: Data(file.bytes), path: "keys") == file)
  }

  @Test func secretsAreNotRepeated() {
    let secrets = Set((0..<100).map { _ in APIKey.newSecret() })
    #expect(secrets.count == 100)
    #expect(secrets.allSatisfy { $0.utf8.count == 64 })
  }
}
