namespace HostAgent.Coordinator.Store;

/// <summary>The stream of a campaign is not at the version that the writer expected: somebody else has written to it.</summary>
internal sealed class VersionConflictException(Guid campaign, long expected, long actual)
    : Exception($"The stream of campaign {campaign} is at version {actual}, not at {expected}.")
{
    /// <summary>The version that the writer expected.</summary>
    public long Expected { get; } = expected;

    /// <summary>The version that the stream has.</summary>
    public long Actual { get; } = actual;
}
