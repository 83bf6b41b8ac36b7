using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Host;

/// <summary>failback host show: one host, asked now.</summary>
internal sealed class HostShowCommand : CoordinatorCommand
{
    private readonly Argument<string> _host = HostArguments.Host();

    /// <summary>Defines the command.</summary>
    public HostShowCommand(CommandSetting setting)
        : base("show", "Ask one host and show what it says of itself.", setting)
        => Add(_host);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new GetHostRequest { Name = ResourceName.Host(parsed.GetRequiredValue(_host)) };
        var host = await coordinator.Hosts.GetHostAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(host, shell => HostText.WriteHost(shell, host));
        return host.Reachability == Reachability.Unreachable ? ExitCode.Failed : ExitCode.Success;
    }
}
