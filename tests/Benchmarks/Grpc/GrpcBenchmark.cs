using HostAgent.Conformance.Security;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>Runs every implementation that this machine has, in turns, so that a busy minute of the machine's falls on all of them.</summary>
internal static class GrpcBenchmark
{
    public static async Task<GrpcReport> RunAsync(RoundPlan plan, bool plaintext, TextWriter progress, CancellationToken cancellation)
    {
        var machine = Machine.Now();
        using var pki = new ConformancePki();
        var all = await Contender.AllAsync();
        var present = all.Where(contender => contender.Missing is null).ToList();
        ChannelSecurity[] securities = plaintext ? [ChannelSecurity.MutualTls, ChannelSecurity.Plaintext] : [ChannelSecurity.MutualTls];
        var measurements = new List<(Contender Contender, ChannelSecurity Security, Measurement Measurement)>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var security in securities)
            {
                // Nobody is always first.
                foreach (var contender in present[(round % present.Count)..].Concat(present[..(round % present.Count)]))
                {
                    await progress.WriteLineAsync($"round {round + 1} of {plan.Rounds}, {security}: {contender.Name}".AsMemory(), cancellation);
                    measurements.AddRange((await contender.MeasureAsync(plan, security, pki, cancellation)).Select(found => (contender, security, found)));
                }
            }
        }

        var results = measurements.GroupBy(
            found => (found.Contender.Name, found.Security, found.Measurement.Workload),
            (what, found) => GrpcResult.Of(what.Name, what.Security, Workload.Parse(what.Workload), [.. found.Select(one => one.Measurement)]));
        return new GrpcReport(machine, plan.Rounds, [.. results], all.Where(contender => contender.Missing is not null).ToDictionary(contender => contender.Name, contender => contender.Missing!, StringComparer.Ordinal));
    }
}
