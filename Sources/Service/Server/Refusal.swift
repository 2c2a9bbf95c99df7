import HTTPTypes

/// Why the desk does not do what a request asks, beside what the store's rules refuse.
enum Refusal: Error, Equatable {
  /// Nobody is signed in; the path to come back to.
  case signInFirst(path: String)
  /// The role is not enough.
  case notAllowed
  /// The form does not come from a page of the desk, or from another session's.
  case foreignForm
  /// There are no passwords here, and the front said nothing.
  case frontOnly
  /// What the front says of the visitor is not believed.
  case frontRefused(TokenFault)
  /// The front vouches for somebody whose groups have no role here.
  case frontGivesNoRole
  case notFound
  case methodNotAllowed
  case tooLarge(limit: Int)
  case tooSlow
  case tooMany
  case brokenBody
  /// The form lacks a value or has one that cannot be.
  case badInput(String)

  var status: HTTPResponse.Status {
    switch self {
    case .signInFirst: .seeOther
    case .notAllowed, .foreignForm, .frontGivesNoRole: .forbidden
    case .frontOnly, .frontRefused: .unauthorized
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .tooLarge: .contentTooLarge
    case .tooSlow: .requestTimeout
    case .tooMany: .tooManyRequests
    case .brokenBody, .badInput: .badRequest
    }
  }

  /// A heading and what to do, for the one who reads the page.
  var words: (title: String, text: String) {
    switch self {
    case .signInFirst: ("Sign in first", "This page is for people who are signed in.")
    case .notAllowed:
      ("Not for your role", "Your role does not allow this. An administrator can change it.")
    case .foreignForm:
      (
        "The form is out of date",
        "It does not belong to your present session. Go back, load the page again and send it "
          + "once more. Nothing was changed."
      )
    case .frontOnly:
      (
        "Sign in at the front",
        "This desk has no passwords. Come by the address at which your organisation signs you in."
      )
    case .frontRefused(.expired):
      ("Your sign-in is over", "Load the page again; if it stays so, sign out of the front first.")
    case .frontRefused:
      (
        "Your sign-in is not accepted",
        "What the front before this desk says of you does not hold. Sign in there once more; if "
          + "it stays so, tell whoever runs this desk."
      )
    case .frontGivesNoRole:
      (
        "No role for you here",
        "None of your groups has a role at this desk. Whoever runs the front can put you in one."
      )
    case .notFound: ("Not here", "There is nothing at this address, or no longer.")
    case .methodNotAllowed: ("Not in this way", "This address does not take such a request.")
    case .tooLarge(let limit):
      ("Too large", "At most \(limit >> 20) MB can be sent here. Nothing was changed.")
    case .tooSlow: ("Too slow", "The request did not arrive in time. Nothing was changed.")
    case .tooMany: ("Too many requests", "Wait a minute, then go on.")
    case .brokenBody: ("The request broke off", "It did not arrive whole. Nothing was changed.")
    case .badInput(let reason): ("That cannot be", reason)
    }
  }
}
