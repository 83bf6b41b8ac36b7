using System.Globalization;

namespace HostAgent.HyperV.Readiness;

internal static class UtcText
{
    /// <summary>For example <c>2026-03-01T03:00:00Z</c>.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
