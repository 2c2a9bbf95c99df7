import Foundation
import HTTPTypes
import Hummingbird
import Review

/// Who is signed in, and by which session.
struct Visitor: Sendable {
  let person: Person
  let token: String

  func may(_ permission: Permission) -> Bool { permission.isGiven(to: person.role) }
}

/// A request that passed the gate: the form is read and belongs to the session.
struct Visit: Sendable {
  let desk: Desk
  let request: Request
  let context: DeskContext
  let form: Form
  let query: Form
  let now: Date

  var store: ReviewStore { desk.store }

  /// - Throws: `Refusal.signInFirst`; routes for everybody have no person.
  func person() throws(Refusal) -> Person {
    guard let visitor = context.visitor else { throw .signInFirst(path: request.uri.path) }
    return visitor.person
  }

  /// A number in the address.
  ///
  /// - Throws: `Refusal.notFound` for anything else.
  func number(_ name: String) throws(Refusal) -> Int64 {
    guard let text = context.parameters.get(name), let number = Int64(text), number >= 0 else {
      throw .notFound
    }
    return number
  }

  /// What pages of the desk have in common.
  func shell(_ title: String) -> Shell {
    Shell(
      title: title, path: request.uri.path, visitor: context.visitor,
      csrf: desk.csrf(of: context), notice: Notice(rawValue: query["done"] ?? "")?.text)
  }

  func page<View: PageView>(
    _ view: View, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    try Answers.html(desk.pages.render(view), status: status)
  }

  /// To another page after a form, so that loading it again sends nothing twice.
  func go(to path: String, _ notice: Notice? = nil) -> Response {
    let mark = path.contains("?") ? "&" : "?"
    return Answers.redirect(to: path + (notice.map { "\(mark)done=\($0.rawValue)" } ?? ""))
  }
}

/// What was done, as the next page says it. A fixed list: nothing from an address gets into pages.
enum Notice: String, Sendable, CaseIterable {
  case taken, released, noted, snoozed, decided, pending, approved, declined, withdrawn, reopened
  case viewSaved = "view-saved"
  case viewDeleted = "view-deleted"
  case queueEmpty = "queue-empty"
  case imported, received, answered, changed
  case signedOut = "signed-out"
  case passwordSet = "password-set"

  var text: String {
    switch self {
    case .taken: "The node is yours; nobody else decides it meanwhile."
    case .released: "The node is released."
    case .noted: "The note is kept."
    case .snoozed: "The node is put off."
    case .decided: "The decision is made."
    case .pending: "The decision waits for a second person."
    case .approved: "The decision is approved."
    case .declined: "The decision is declined; the verdict stands."
    case .withdrawn: "The decision is withdrawn."
    case .reopened: "The node is open again."
    case .viewSaved: "The view is saved."
    case .viewDeleted: "The view is deleted."
    case .queueEmpty: "Nothing is open with these filters."
    case .imported: "The bundle is verified and imported."
    case .received: "The appeal is received and checked."
    case .answered: "The appeal is answered."
    case .changed: "The change is made."
    case .signedOut: "You are signed out."
    case .passwordSet: "The password is set. Sign in with it."
    }
  }
}
