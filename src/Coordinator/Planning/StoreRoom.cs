using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Planning;

/// <summary>
/// The free space on the store's disk. New documents fill it most: they are refused while enough is left for the events of
/// running campaigns and for the commands that pause, stop and cancel them.
/// </summary>
internal sealed class StoreRoom(IOptions<CoordinatorOptions> options)
{
    private readonly CoordinatorOptions _options = options.Value;

    /// <summary>The free bytes; null for a network share, which has no drive to query: the store itself refuses what does not fit there.</summary>
    public long? Free => Path.GetFullPath(_options.Data) is var directory && directory.StartsWith(@"\\", StringComparison.Ordinal) ? null : new DriveInfo(directory).AvailableFreeSpace;

    /// <summary>The bytes that are kept free of new documents; 0 for none.</summary>
    public long Reserved => _options.MinFreeSpace;

    /// <summary>Requires free space for a new document.</summary>
    /// <exception cref="RpcFailure">RESOURCE_EXHAUSTED (STORE_LOW): less than <see cref="CoordinatorOptions.MinFreeSpace"/> is free.</exception>
    public void Require(string campaign)
    {
        if (_options.MinFreeSpace > 0 && Free is { } free && free < _options.MinFreeSpace)
        {
            throw CampaignFailures.StoreLow(campaign, free, _options.MinFreeSpace);
        }
    }
}
