using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Internal;

namespace HostAgent.HyperV.Jobs.Internal;

/// <summary>Reads embedded Msvm_Error instances.</summary>
internal static class JobErrorReader
{
    // The error is told to a person whatever shape it has: a text that is not an instance is still the host's word.
    public static IReadOnlyList<JobError> Read(object? output, string className, string parameter) => EmbeddedInstances.Read(
        output, (className, parameter), ReadOne,
        text => new JobError(text, MessageId: null, ErrorSource: null, CimStatusCode: null, PerceivedSeverity: null, RecommendedActions: []));

    private static JobError ReadOne(CimInstance error) => new(
        error.GetString("Message") ?? string.Empty,
        error.GetString("MessageID"),
        error.GetString("ErrorSource"),
        (uint?)error.GetInteger("CIMStatusCode"),
        (int?)error.GetInteger("PerceivedSeverity"),
        error["RecommendedActions"] is string?[] actions ? [.. actions.OfType<string>()] : []);
}
