using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting.Paging;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

internal sealed class HostsService(AgentRegistry registry, AgentClient calls, PrimarySiteCheck otherSide) : Contracts.Campaigns.V1.Hosts.HostsBase
{
    // Each of these calls a host.
    private const int MaxHostCallsPerPeer = 128;

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListHostsResponse> ListHosts(ListHostsRequest request, ServerCallContext context)
    {
        var size = PageTokens.Size(request.PageSize, PageSize.Hosts);
        var matches = ListFilters.Of(request);
        var remaining = registry.ByName.AsEnumerable();
        if (PageTokens.Read(request, request.PageToken) is { } after)
        {
            // The token is the name of the last host sent, so it stays valid when the inventory changes.
            remaining = remaining.SkipWhile(connection => StringComparer.OrdinalIgnoreCase.Compare(connection.Host.Name, after) <= 0);
        }

        var (response, bytes) = (new ListHostsResponse(), 0);
        foreach (var host in remaining.Select(HostMapper.ToMessage).Where(matches))
        {
            bytes += host.CalculateSize();
            if (response.Hosts.Count == size || (bytes > PageSize.MaxBytes && response.Hosts.Count > 0))
            {
                response.NextPageToken = PageTokens.Write(request, ResourceNames.ParseHost(response.Hosts[^1].Name, "name"));
                break;
            }

            response.Hosts.Add(host);
        }

        return Task.FromResult(response);
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<ManagedHost> GetHost(GetHostRequest request, ServerCallContext context)
    {
        var connection = Find(request.Name, "name");
        try
        {
            await calls.GetHostAsync(connection, context.CancellationToken);
        }
        catch (RpcFailure)
        {
            // Recorded with the host and shown as its reachability, which is what the caller asked for.
        }

        return HostMapper.ToMessage(connection);
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
    {
        var connection = Find(request.Parent, "parent");
        var size = PageTokens.Size(request.PageSize, PageSize.VirtualMachines);
        try
        {
            var page = await calls.ListVirtualMachinesAsync(
                connection,
                new Contracts.Failback.V1.ListVirtualMachinesRequest { PageSize = size, PageToken = request.PageToken },
                context.CancellationToken);
            return new ListVirtualMachinesResponse { VirtualMachines = { page.VirtualMachines }, NextPageToken = page.NextPageToken };
        }
        catch (RpcFailure failure) when (failure.Domain != RpcFailure.ProductDomain)
        {
            throw CampaignFailures.HostUnreachable(connection.Host.Name, connection.Host.Address, failure);
        }
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context)
    {
        var connection = Find(request.Parent, "parent");
        try
        {
            var answer = await calls.CallAsync(
                connection,
                options => connection.Agent.CheckReadinessAsync(new Contracts.Failback.V1.CheckReadinessRequest { VirtualMachineId = request.VirtualMachineId }, options).ResponseAsync,
                context.CancellationToken);
            var other = await otherSide.CheckAsync(connection.Host, Guid.Parse(answer.VirtualMachine.Id), context.CancellationToken);
            return new CheckReadinessResponse
            {
                Ready = answer.Ready,
                Checks = { answer.Checks, other },
                CheckTime = answer.CheckTime,
                VirtualMachine = answer.VirtualMachine,
            };
        }
        catch (RpcFailure failure) when (failure.Domain != RpcFailure.ProductDomain)
        {
            throw CampaignFailures.HostUnreachable(connection.Host.Name, connection.Host.Address, failure);
        }
    }

    private AgentConnection Find(string name, string field)
    {
        var host = ResourceNames.ParseHost(name, field);
        return registry.TryFind(host, out var connection) ? connection : throw CampaignFailures.HostNotFound(name);
    }
}
