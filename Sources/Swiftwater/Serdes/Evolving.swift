/// A type that knows how to be made from the type that it replaces; for ``SerdeVersions``.
///
/// ```swift
/// struct Account: Codable, Evolving {
///     var name: String
///     var cents: Int64
///
///     static func migrate(from previous: AccountInEuros) -> Account {
///         Account(name: previous.name, cents: previous.euros * 100)
///     }
/// }
/// ```
public protocol Evolving<Previous>: SendableMetatype {
    /// The type as it was one version ago.
    associatedtype Previous

    /// The value that a value of the version before stands for; what it throws, the record's or the store's reader throws.
    static func migrate(from previous: Previous) throws -> Self
}
