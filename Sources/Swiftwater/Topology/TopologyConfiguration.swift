/// What a topology wants for itself, whatever the application that runs it says; the counterpart of `TopologyConfig` (B-08).
///
/// What is nil is the application's.
public struct TopologyConfiguration: Sendable {
    /// Whether `build()` refuses stores and internal topics whose names the library would number
    /// (`ensure.explicit.internal.resource.naming`, KIP-1111): such a name, and with it the state, changes with the operators before it.
    public var requiresExplicitNames: Bool
    /// False lets every update of a store go downstream (`statestore.cache.max.bytes` 0).
    public var isCachingEnabled: Bool?
    /// Where the stores of operators are kept that say nothing of it themselves (`dsl.store.suppliers.class`, KIP-954). Stores that the
    /// user adds, and global tables, are not concerned.
    public var storeType: StoreType
    /// How long a task waits for an empty input that has caught up (`max.task.idle.ms`).
    public var maximumTaskIdle: Duration?
    /// How event times are read where a source names no extractor (`default.timestamp.extractor`).
    public var timestampExtractor: (any TimestampExtractor)?
    /// What happens to records whose bytes cannot be read (`deserialization.exception.handler`).
    public var deserializationHandler: (any DeserializationExceptionHandler)?
    /// What happens to records for which a function throws (`processing.exception.handler`).
    public var processingHandler: (any ProcessingExceptionHandler)?
    /// What goes around every node (`processor.wrapper.class`, KIP-1112).
    public var processorWrapper: (any ProcessorWrapper)?

    /// Settings; without arguments the topology wants nothing for itself.
    public init(
        requiresExplicitNames: Bool = false,
        isCachingEnabled: Bool? = nil,
        storeType: StoreType = .persistent,
        maximumTaskIdle: Duration? = nil,
        timestampExtractor: (any TimestampExtractor)? = nil,
        deserializationHandler: (any DeserializationExceptionHandler)? = nil,
        processingHandler: (any ProcessingExceptionHandler)? = nil,
        processorWrapper: (any ProcessorWrapper)? = nil
    ) {
        self.requiresExplicitNames = requiresExplicitNames
        self.isCachingEnabled = isCachingEnabled
        self.storeType = storeType
        self.maximumTaskIdle = maximumTaskIdle
        self.timestampExtractor = timestampExtractor
        self.deserializationHandler = deserializationHandler
        self.processingHandler = processingHandler
        self.processorWrapper = processorWrapper
    }

    /// Puts what the topology wants over what the application says.
    package func apply(to settings: inout TaskSettings) {
        settings.isCachingEnabled = isCachingEnabled ?? settings.isCachingEnabled
        settings.maxTaskIdle = maximumTaskIdle ?? settings.maxTaskIdle
        settings.timestampExtractor = timestampExtractor ?? settings.timestampExtractor
        settings.deserializationHandler = deserializationHandler ?? settings.deserializationHandler
        settings.processingHandler = processingHandler ?? settings.processingHandler
        settings.processorWrapper = processorWrapper ?? settings.processorWrapper
    }
}
