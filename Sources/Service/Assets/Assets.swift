import Contributions
import Crypto
import Hummingbird

/// The desk's own files: a style sheet, a script and an icon. Their addresses name their content,
/// so browsers keep them and never keep an old one.
enum Assets {
  static let stylesPath = "/assets/style.css?" + digest(DeskStyle.text)
  static let scriptPath = "/assets/desk.js?" + digest(DeskScript.text)

  private static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">\
    <path fill="#1b5e9e" d="M8 1 15 8 8 15 1 8z"/><path fill="#fff" d="M8 5 11 8 8 11 5 8z"/></svg>
    """

  static let routes: [Route] = [
    .get("/assets/style.css", .anyone) { _ in file(DeskStyle.text, "text/css; charset=utf-8") },
    .get("/assets/desk.js", .anyone) { _ in
      file(DeskScript.text, "text/javascript; charset=utf-8")
    },
    .get("/assets/icon.svg", .anyone) { _ in file(icon, "image/svg+xml") },
  ]

  private static func file(_ text: String, _ type: String) -> Response {
    var response = Answers.answer(Array(text.utf8), type: type)
    response.headers[.cacheControl] = "public, max-age=31536000, immutable"
    return response
  }

  private static func digest(_ text: String) -> String {
    Hex.encode(Array(SHA256.hash(data: Array(text.utf8)).prefix(8)))
  }
}
