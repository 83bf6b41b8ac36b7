using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Services;

/// <summary>
/// The free space on the store's disk. New documents fill it most: they are refused while enough is left for the events of
/// running campaigns and for the commands that pause, stop and cancel them.
/// </summary>
internal sealed class StoreRoom(IOptions<CoordinatorOptions> options)
{
    private readonly CoordinatorOptions _options = options.Value;

    /// <summary>Requires free space for a new document.</summary>
    /// <exception cref="RpcFailure">RESOURCE_EXHAUSTED (STORE_LOW): less than <see cref="CoordinatorOptions.MinFreeSpace"/> is free.</exception>
    public void Require(string campaign)
    {
        // A network share has no drive to query; the store itself refuses what does not fit there.
        var directory = Path.GetFullPath(_options.Data);
        if (_options.MinFreeSpace == 0 || directory.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return;
        }

        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free < _options.MinFreeSpace)
        {
            throw CampaignFailures.StoreLow(campaign, free, _options.MinFreeSpace);
        }
    }
}
