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
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListHostsAsync(request, coordinator.Deadline(cancellation));
            all.Hosts.AddRange(page.Hosts);
            return page.NextPageToken;
        });

        Results(parsed).Write(all, shell => HostText.WriteList(shell, all.Hosts));
        return ExitCode.Success;
    }
}
