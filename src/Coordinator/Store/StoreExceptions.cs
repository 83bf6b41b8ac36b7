namespace HostAgent.Coordinator.Store;

/// <summary>A campaign with that id is already stored.</summary>
internal sealed class CampaignExistsException(string id) : Exception($"A campaign '{id}' exists already.");

/// <summary>The stream of a campaign is not at the version that the writer expected: another writer has appended to it.</summary>
internal sealed class VersionConflictException(Guid campaign, long expected, long actual)
    : Exception($"The stream of campaign {campaign} is at version {actual}, not at {expected}.")
{
    /// <summary>The version that the writer expected.</summary>
    public long Expected { get; } = expected;

    /// <summary>The stream's actual version.</summary>
    public long Actual { get; } = actual;
}

/// <summary>The store cannot be opened or written to.</summary>
internal sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
