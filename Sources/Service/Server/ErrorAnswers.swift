import Foundation
import HTTPTypes
import Hummingbird
import Review

/// Errors as pages with plain words; what went wrong inside stands in the log, never in the page.
struct ErrorAnswers {
  let desk: Desk

  func response(to error: any Error, request: Request, context: DeskContext) -> Response {
    if case Refusal.signInFirst(let path) = error {
      let back = request.method == .get ? URLText.query([("then", path)]) : ""
      return Answers.redirect(to: "/login" + (path == "/" ? "" : back))
    }
    let (status, view) = page(of: error, request: request, context: context)
    if status.code >= 500 {
      context.logger.error("failed", metadata: ["error": "\(error)"])
    }
    let text = try? desk.pages.render(view)
    var response = Answers.html(text ?? "<!DOCTYPE html><title>Assay</title>", status: status)
    if status == .tooManyRequests { response.headers[.retryAfter] = "60" }
    return response
  }

  private func page(
    of error: any Error, request: Request, context: DeskContext
  ) -> (HTTPResponse.Status, ErrorPage) {
    func view(_ title: String, _ text: String, _ more: [String] = []) -> ErrorPage {
      let shell = Shell(
        title: title, path: request.uri.path, visitor: context.visitor,
        csrf: desk.csrf(of: context), notice: nil)
      return ErrorPage(shell: shell, text: text, list: more, request: context.number)
    }
    switch error {
    case let refusal as Refusal:
      return (refusal.status, view(refusal.words.title, refusal.words.text))
    case let refused as Refused:
      let words = StoreWords(refused.error)
      var page = view(words.title, words.text, words.list)
      page.written = refused.written
      if case .stale(let row, let changes) = refused.error {
        page.stale = StaleView(row: row, changes: changes)
      }
      return (words.status, page)
    case let error as ReviewError:
      let words = StoreWords(error)
      return (words.status, view(words.title, words.text, words.list))
    case let error as HTTPError where error.status.code < 500:
      let refusal: Refusal = error.status == .notFound ? .notFound : .brokenBody
      return (error.status, view(refusal.words.title, refusal.words.text))
    default:
      return (
        .internalServerError,
        view("That went wrong", "The desk has a fault. It is logged under the number below.")
      )
    }
  }
}

/// What the store refuses, in words for the reader.
struct StoreWords {
  let status: HTTPResponse.Status
  let title: String
  let text: String
  var list: [String] = []

  init(_ error: ReviewError) {
    switch error {
    case .notFound: (status, title, text) = (.notFound, "Not here", "There is no such thing.")
    case .notAllowed:
      (status, title, text) = (
        .forbidden, "Not for your role",
        "Your role does not allow this. An administrator can change it."
      )
    case .stale:
      (status, title, text) = (
        .conflict, "It has changed meanwhile",
        "Somebody changed this node since you looked at it. Nothing of yours was done."
      )
    case .takenBy(let person, let until):
      (status, title, text) = (
        .conflict, "Somebody works on it",
        "\(person.name) has taken this node until \(Words.time(until))."
      )
    case .needsComment:
      (status, title, text) = (
        .badRequest, "A comment is needed", "Say why in a sentence; the node's owner reads it."
      )
    case .ownApproval:
      (status, title, text) = (
        .forbidden, "It takes a second person", "Nobody seconds their own decision."
      )
    case .badInput(let reason): (status, title, text) = (.badRequest, "That cannot be", reason)
    case .wrongPassword:
      (status, title, text) = (
        .unauthorized, "Not signed in", "The name or the password is wrong."
      )
    case .locked(let until):
      (status, title, text) = (
        .tooManyRequests, "Too many attempts",
        "There were too many wrong passwords. Try again at \(Words.time(until))."
      )
    case .bundleRefused(let failures):
      (status, title, text) = (
        .unprocessableContent, "The bundle is refused", "It does not verify:"
      )
      list = Array(failures.prefix(20))
    case .appealRefused(let failures):
      (status, title, text) = (
        .unprocessableContent, "The packet is refused", "It does not hold:"
      )
      list = Array(failures.prefix(20))
    case .alreadyImported:
      (status, title, text) = (.conflict, "It is here already", "It was imported before.")
    case .auditBroken(let row, let reason):
      (status, title, text) = (
        .internalServerError, "The audit trail is broken", "Row \(row): \(reason)"
      )
    case .newerStore, .database:
      (status, title, text) = (
        .serviceUnavailable, "The store cannot be reached",
        "Nothing was changed. Try again; if it stays so, tell whoever runs this desk."
      )
    }
  }
}
