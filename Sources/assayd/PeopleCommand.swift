import ArgumentParser
import Foundation
import Review

struct PeopleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people", abstract: "Shows who works at the desk, and lets people in.",
    subcommands: [List.self, Add.self, Link.self, Tie.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists everybody.")

    @OptionGroup var file: StoreOption

    func run() async throws {
      let store = try file.openExisting()
      for person in try await store.people() {
        let state = person.isActive ? "" : "  (not active)"
        Console.print("\(person.id)  \(person.role.rawValue)  \(person.name)\(state)")
      }
      try store.close()
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds somebody, and prints the link by which they set a password.")

    @OptionGroup var file: StoreOption

    @Argument(help: ArgumentHelp("The name to sign in with.", valueName: "NAME"))
    var name: String

    @Option(name: .long, help: "viewer, analyst, lead or admin.")
    var role: Role

    @OptionGroup var address: DeskAddress

    func run() async throws {
      let store = try file.open()
      let added = try await store.addPerson(name: name, role: role, by: .console, now: Date())
      Console.print(address.welcome(added.link))
      try store.close()
    }
  }

  struct Tie: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes an account the one of somebody whom a front vouches for.",
      discussion: "Its password and its sessions end; its name and role then follow the front.")

    @OptionGroup var file: StoreOption

    @Argument(help: ArgumentHelp("The name.", valueName: "NAME"))
    var name: String

    @Option(name: .long, help: ArgumentHelp("The front's issuer (iss).", valueName: "URL"))
    var issuer: String

    @Option(name: .long, help: ArgumentHelp("Who they are there (sub).", valueName: "ID"))
    var subject: String

    func run() async throws {
      let store = try file.openExisting()
      guard let person = try await store.people().first(where: { $0.name == name }) else {
        throw ReviewError.notFound
      }
      _ = try await store.tie(
        person.id, to: issuer, subject: subject, by: .console, now: Date())
      Console.print("\(name): comes by the front now")
      try store.close()
    }
  }

  struct Link: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a new link for somebody who lost the first, or the password.")

    @OptionGroup var file: StoreOption

    @Argument(help: ArgumentHelp("The name.", valueName: "NAME"))
    var name: String

    @OptionGroup var address: DeskAddress

    func run() async throws {
      let store = try file.openExisting()
      guard let person = try await store.people().first(where: { $0.name == name }) else {
        throw ReviewError.notFound
      }
      Console.print(
        address.welcome(try await store.newLink(for: person.id, by: .console, now: Date())))
      try store.close()
    }
  }
}

/// Where browsers reach the desk.
struct DeskAddress: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The desk's address.", valueName: "URL"))
  var url = "http://127.0.0.1:8080"

  func welcome(_ link: String) -> String {
    (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/welcome/" + link
  }
}

extension Role: ExpressibleByArgument {}
