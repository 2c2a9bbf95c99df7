import Reports
import Review

/// The form to sign in with.
struct LoginPage: PageView {
  static let template = "login"
  let shell: Shell
  let name: String
  /// Where to go then: a path of the desk.
  let then: String
  let problem: String?

  /// - Parameter then: anything but a plain path of this desk becomes the queue.
  init(shell: Shell, name: String = "", then: String?, problem: String? = nil) {
    self.shell = shell
    self.name = name
    self.then = Self.ownPath(then)
    self.problem = problem
  }

  static func ownPath(_ path: String?) -> String {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._")
    guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), path.allSatisfy(allowed.contains)
    else { return "/" }
    return path
  }
}

/// The page behind a one-time link.
struct WelcomePage: PageView {
  static let template = "welcome"
  let shell: Shell
  let ownerMarkup: String
  /// The name once more, for password managers.
  let owner: String
  let action: String
  let least = WelcomePage.leastLength
  let problem: String?

  static let leastLength = 12

  init(shell: Shell, owner: Person, token: String, problem: String? = nil) {
    self.shell = shell
    ownerMarkup = Markup.name(owner.name)
    self.owner = owner.name
    action = "/welcome/" + URLText.encoded(token)
    self.problem = problem
  }
}
