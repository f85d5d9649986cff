/// What a query reads of one partition of a store: keys and values of a type, committed and never changing.
///
/// The views are the library's: ``ReadOnlyKeyValueStore``, ``ReadOnlyWindowStore``, ``ReadOnlySessionStore`` and
/// ``ReadOnlyVersionedKeyValueStore``.
public protocol QueryableView<Key, Value>: AnyObject {
    /// The keys of the store, without windows.
    associatedtype Key
    /// The values of the store.
    associatedtype Value
}
