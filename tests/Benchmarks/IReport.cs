namespace HostAgent.Benchmarks;

/// <summary>What a benchmark found. Its public members are its JSON form.</summary>
internal interface IReport
{
    /// <summary>The form for people: Markdown tables.</summary>
    string ToText();
}
