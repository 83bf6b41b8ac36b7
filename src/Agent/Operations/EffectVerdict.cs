using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations;

/// <summary>What became of a call whose answer is not known.</summary>
internal abstract record EffectVerdict
{
    private EffectVerdict()
    {
    }

    /// <summary>It started this job.</summary>
    public sealed record Adopt(ConcreteJob Job, string Ground) : EffectVerdict;

    /// <summary>It took effect and the host is at it, though no job is listed.</summary>
    public sealed record InProgress(string Ground) : EffectVerdict;

    /// <summary>It took effect and the host is done.</summary>
    public sealed record Done(string Ground) : EffectVerdict;

    /// <summary>The host proves that it never took effect: it may be made again.</summary>
    public sealed record Nothing(string Ground) : EffectVerdict;

    /// <summary>Too early to tell.</summary>
    public sealed record LookAgain(TimeSpan After) : EffectVerdict;

    /// <summary>Nothing on the host decides, nor will it.</summary>
    public sealed record Undecided(string Ground) : EffectVerdict;
}
