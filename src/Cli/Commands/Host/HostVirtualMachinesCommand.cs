using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Host;

/// <summary>failback host vms: the virtual machines of one host, asked now.</summary>
internal sealed class HostVirtualMachinesCommand : CoordinatorCommand
{
    private const int LargestPage = 2000;

    private readonly Argument<string> _host = HostArguments.Host();

    /// <summary>Defines the command.</summary>
    public HostVirtualMachinesCommand(CommandSetting setting)
        : base("vms", "Ask one host for its virtual machines and whether they can be failed back.", setting)
        => Add(_host);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ListVirtualMachinesRequest { Parent = ResourceName.Host(parsed.GetRequiredValue(_host)), PageSize = LargestPage };
        var all = new ListVirtualMachinesResponse();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListVirtualMachinesAsync(request, coordinator.Deadline(cancellation));
            all.VirtualMachines.AddRange(page.VirtualMachines);
            return page.NextPageToken;
        });

        Results(parsed).Write(all, shell => HostText.WriteVirtualMachines(shell, all.VirtualMachines));
        return ExitCode.Success;
    }
}
