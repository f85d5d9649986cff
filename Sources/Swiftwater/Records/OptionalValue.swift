/// An optional whose wrapped type is not known.
private protocol OptionalValue {
    var isNil: Bool { get }
    var shown: String { get }
}

extension Optional: OptionalValue {
    fileprivate var isNil: Bool {
        if case .none = self { true } else { false }
    }

    fileprivate var shown: String {
        switch self {
        case .none: "null"
        case .some(let wrapped): "\(wrapped)"
        }
    }
}

/// Whether a value is nil; asks the type at run time, for paths that are not hot.
@usableFromInline
func isNull<Value>(_ value: Value) -> Bool {
    (value as? any OptionalValue)?.isNil ?? false
}

/// A value as text, nil as `null`.
func shown<Value>(_ value: Value) -> String {
    (value as? any OptionalValue)?.shown ?? "\(value)"
}
