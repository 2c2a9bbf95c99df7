import HTTPTypes
import Hummingbird

/// Answers of each kind.
enum Answers {
  static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    answer(Array(text.utf8), type: "text/html; charset=utf-8", status: status)
  }

  static func answer(
    _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// A file to keep.
  ///
  /// - Parameter name: of the desk's own making, from `A–Z a–z 0–9 - . _`; others become `_`.
  static func download(_ bytes: [UInt8], type: String, name: String) -> Response {
    let safe = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-._".contains(character))
        ? character : "_"
    }
    var response = answer(bytes, type: type)
    response.headers[.contentDisposition] = "attachment; filename=\"\(String(safe.prefix(120)))\""
    return response
  }

  static func redirect(to path: String) -> Response {
    Response(status: .seeOther, headers: [.location: path])
  }
}
