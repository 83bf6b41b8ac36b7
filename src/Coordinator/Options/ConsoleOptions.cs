using System.Net;
using HostAgent.Hosting.Settings;

namespace HostAgent.Coordinator.Options;

/// <summary>The console for browsers, section <c>Coordinator:Console</c>.</summary>
public sealed class ConsoleOptions : ISettingsGroup
{
    /// <summary>The address and port where browsers connect; port 0 takes a free one.</summary>
    /// <value>Unset by default, which means that there is no console.</value>
    [EndPoint("127.0.0.1:7445 or [::]:7445")]
    public string? Listen { get; set; }

    /// <summary>The most pages open at once, of everybody. Each keeps its state in the coordinator.</summary>
    /// <value>The default is 100; at least 1, at most 10,000.</value>
    [WholeNumber(1, 10_000)]
    public int MaxPages { get; set; } = 100;

    /// <summary>The most pages that one person has open at once.</summary>
    /// <value>The default is 20; at least 1, at most 10,000.</value>
    [WholeNumber(1, 10_000)]
    public int MaxPagesPerPerson { get; set; } = 20;

    /// <summary>Where browsers connect; null when there is no console.</summary>
    internal IPEndPoint? EndPoint => Listen is null ? null : IPEndPoint.Parse(Listen);
}
