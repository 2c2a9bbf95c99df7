import Foundation
import Testing

@testable import Service

/// Keys and signatures of the standards' own examples: RFC 7515, appendices A.2 and A.3, and RFC
/// 8037, appendix A.
@Suite struct FrontKeyTests {
  private static let payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    + "fQ"

  struct Example: Sendable {
    let key: String
    let signed: String
    let signature: String
  }

  static let examples = [
    Example(
      key: #"""
        {"kty":"RSA","kid":"k","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}
        """#,
      signed: "eyJhbGciOiJSUzI1NiJ9." + payload,
      signature:
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
        + "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB"
        + "MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6I"
        + "eYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"),
    Example(
      key: #"""
        {"kty":"EC","kid":"k","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """#,
      signed: "eyJhbGciOiJFUzI1NiJ9." + payload,
      signature:
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
    Example(
      key: #"""
        {"kty":"OKP","kid":"k","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        """#,
      signed: "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
      signature:
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"),
  ]

  private func set(_ keys: String...) async throws -> FrontKeySet {
    try await FrontKeySet(json: Data(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
  }

  @Test(arguments: examples)
  func theStandardsSignaturesAreGoodAndNoOther(_ example: Example) async throws {
    let key = try #require(try await set(example.key).keys["k"])
    let base64 = example.signature.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
    var signature = try #require(Data(base64Encoded: base64 + padding))
    #expect(try key.verifier.verify(signature, signs: Data(example.signed.utf8)))
    #expect((try? key.verifier.verify(signature, signs: Data("x".utf8))) != true)
    signature[0] ^= 1
    #expect((try? key.verifier.verify(signature, signs: Data(example.signed.utf8))) != true)
  }

  @Test func keysOfOtherKindsStandByAndAreNotUsed() async throws {
    let secret = #"{"kty":"oct","kid":"s","k":"AAAA"}"#
    let encryption = Self.examples[1].key.replacing(
      #""kid":"k""#, with: #""kid":"e","use":"enc""#)
    let curve = Self.examples[1].key.replacing(#""kid":"k""#, with: #""kid":"c""#).replacing(
      "P-256", with: "P-384")
    let algorithm = Self.examples[0].key.replacing(
      #""kid":"k""#, with: #""kid":"a","alg":"RS512""#)
    let set = try await set(secret, encryption, curve, algorithm, Self.examples[2].key)
    #expect(set.keys.keys.sorted() == ["k"])
  }

  @Test(arguments: [
    "", "[]", #"{"keys":{}}"#, #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","kid":"s","k":"AAAA"}]}"#,
    #"{"keys":[\#(examples[2].key),\#(examples[2].key)]}"#,
    #"{"keys":[\#(examples[2].key.replacing(#""kid":"k""#, with: #""kid":"k","d":"AAAA""#))]}"#,
    #"{"keys":[\#(examples[2].key.replacing(#""kid":"k","#, with: ""))]}"#,
  ])
  func filesWithoutAGoodKeyAreRefused(_ text: String) async {
    await #expect(throws: FrontKeysError.self) {
      try await FrontKeySet(json: Data(text.utf8))
    }
  }

  @Test func aGrantIsAGroupAndARole() {
    #expect(FrontConfiguration.Grant("cn=a,ou=b=lead")?.group == "cn=a,ou=b")
    for text in ["", "=lead", "a", "a=", "a=boss", "a=lead "] {
      #expect(FrontConfiguration.Grant(text) == nil)
    }
  }
}
