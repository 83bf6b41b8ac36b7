using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A service Hosts that answers what a test has told it to.</summary>
[AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
public sealed class FakeHosts : Hosts.HostsBase
{
    public Func<ListHostsRequest, ListHostsResponse> List { get; set; } = _ => new ListHostsResponse();

    public Func<GetHostRequest, ManagedHost> Get { get; set; } = _ => new ManagedHost();

    public Func<ListVirtualMachinesRequest, ListVirtualMachinesResponse> VirtualMachines { get; set; } = _ => new ListVirtualMachinesResponse();

    public Func<CheckReadinessRequest, CheckReadinessResponse> Check { get; set; } = _ => new CheckReadinessResponse();

    public override Task<ListHostsResponse> ListHosts(ListHostsRequest request, ServerCallContext context) => Task.FromResult(List(request));

    public override Task<ManagedHost> GetHost(GetHostRequest request, ServerCallContext context) => Task.FromResult(Get(request));

    public override Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
        => Task.FromResult(VirtualMachines(request));

    public override Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context) => Task.FromResult(Check(request));
}
