using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Host;

/// <summary>failback host list: the hosts of the inventory with what was last seen of them.</summary>
internal sealed class HostListCommand(CommandSetting setting) : CoordinatorCommand("list", "List the hosts with what was last seen of them. Asks no host.", setting)
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ListHostsRequest();
        var all = new ListHostsResponse();
        do
        {
            var page = await coordinator.Hosts.ListHostsAsync(request, coordinator.Deadline(cancellation));
            all.Hosts.AddRange(page.Hosts);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Results(parsed).Write(all, shell => HostText.WriteList(shell, all.Hosts));
        return ExitCode.Success;
    }
}
