/// A page's view as dictionaries, so that each of its fields is reflected on once.
///
/// The template library looks a name up by reflecting on all members of a struct, and of the struct
/// around it when the name is not there, for every variable: a queue of fifty rows spends nine
/// tenths of its time on that. A dictionary answers at once and means the same: members that are
/// `nil` are left out, lists keep their order, everything else stays as it is.
enum FieldTree {
  /// - Returns: `nil` for an optional without a value.
  static func of(_ value: Any) -> Any? {
    switch value {
    case is String, is Bool, is Int, is Int64: return value
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .struct:
      var fields: [String: Any] = [:]
      for (name, member) in mirror.children {
        if let name, let field = of(member) { fields[name] = field }
      }
      return fields
    case .collection: return mirror.children.compactMap { of($0.value) }
    case .optional: return mirror.children.first.flatMap { of($0.value) }
    default: return value
    }
  }
}
