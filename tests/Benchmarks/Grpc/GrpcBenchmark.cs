using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>Runs every implementation that this machine has, in turns for each workload, so that a busy minute of the machine's falls on all of them.</summary>
internal static class GrpcBenchmark
{
    public static async Task<GrpcReport> RunAsync(RoundPlan plan, bool plaintext, TextWriter progress, CancellationToken cancellation)
    {
        var machine = Machine.Now();
        using var pki = new ConformancePki();
        var all = await Contender.AllAsync();
        var present = all.Where(contender => contender.Missing is null).ToList();
        ChannelSecurity[] securities = plaintext ? [ChannelSecurity.MutualTls, ChannelSecurity.Plaintext] : [ChannelSecurity.MutualTls];
        var rounds = new List<(Contender Contender, ChannelSecurity Security, Workload Workload, GrpcRound Found)>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var (security, workload) in securities.SelectMany(security => Workload.All.Select(workload => (security, workload))))
            {
                // Nobody is always first.
                foreach (var contender in present[(round % present.Count)..].Concat(present[..(round % present.Count)]))
                {
                    var found = await contender.MeasureAsync(plan, security, workload, pki, cancellation);
                    rounds.Add((contender, security, workload, found));
                    await progress.WriteLineAsync($"round {round + 1} of {plan.Rounds}, {security}, {workload}: {contender.Name} after {found.Windows.Count} windows{(found.IsSettled ? "" : ", not settled")}".AsMemory(), cancellation);
                }
            }
        }

        var results = rounds.GroupBy(
            round => (round.Contender.Name, round.Security, round.Workload),
            (what, found) => new GrpcResult(what.Name, what.Security, what.Workload, [.. found.Select(round => round.Found)]));
        return new GrpcReport(machine, plan, [.. results], all.Where(contender => contender.Missing is not null).ToDictionary(contender => contender.Name, contender => contender.Missing!, StringComparer.Ordinal));
    }
}
