using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A service Drills that shows what a test has told it to.</summary>
[AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
public sealed class FakeDrills : Drills.DrillsBase
{
    /// <summary>What a watch shows, in its order; every other call answers with the first.</summary>
    public IReadOnlyList<Drill> Shown { get; set; } = [new Drill()];

    /// <summary>What a list of proofs shows.</summary>
    public ListProofsResponse Proofs { get; set; } = new();

    /// <summary>What was asked for.</summary>
    public List<object> Commanded { get; } = [];

    public override Task<Drill> StartDrill(StartDrillRequest request, ServerCallContext context) => Take(request);

    public override Task<Drill> EndDrill(EndDrillRequest request, ServerCallContext context) => Take(request);

    public override Task<ListDrillsResponse> ListDrills(ListDrillsRequest request, ServerCallContext context)
    {
        Commanded.Add(request);
        return Task.FromResult(new ListDrillsResponse { Drills = { Shown } });
    }

    public override Task<ListProofsResponse> ListProofs(ListProofsRequest request, ServerCallContext context)
    {
        Commanded.Add(request);
        return Task.FromResult(Proofs);
    }

    public override async Task WatchDrill(WatchDrillRequest request, IServerStreamWriter<Drill> responseStream, ServerCallContext context)
    {
        foreach (var shown in Shown)
        {
            await responseStream.WriteAsync(shown);
        }
    }

    private Task<Drill> Take(object request)
    {
        Commanded.Add(request);
        return Task.FromResult(Shown[0]);
    }
}
