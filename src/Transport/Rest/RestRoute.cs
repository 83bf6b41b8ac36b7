using Google.Api;
using Google.Protobuf.Reflection;

namespace HostAgent.Transport.Rest;

/// <summary>One method under its HTTP verb and path, as its <c>google.api.http</c> option says.</summary>
public sealed class RestRoute
{
    private readonly string[] _segments;
    private readonly string _verb;
    private readonly int _fieldStart;
    private readonly int _fieldLength;

    private RestRoute(MethodDescriptor method, string httpMethod, string template, bool hasBody)
    {
        (Method, HttpMethod, Template, HasBody) = (method, httpMethod, template, hasBody);
        var path = template;
        if (template.IndexOf('{', StringComparison.Ordinal) is var open and >= 0)
        {
            var close = template.IndexOf('}', open);
            var equals = template.IndexOf('=', open);
            if (close < 0 || equals < 0 || equals > close || template.IndexOf('{', close) >= 0)
            {
                throw Unsupported(method, template);
            }

            var pattern = template[(equals + 1)..close];
            PathField = method.InputType.FindFieldByName(template[(open + 1)..equals]) is { FieldType: FieldType.String, IsRepeated: false } field ? field : throw Unsupported(method, template);
            _fieldStart = template[..open].Split('/').Length - 1;
            _fieldLength = pattern.Split('/').Length;
            path = template[..open] + pattern + template[(close + 1)..];
        }

        (var segments, _verb) = Split(path);
        _segments = segments;
        Segments = segments;
    }

    /// <summary>The method that is called.</summary>
    public MethodDescriptor Method { get; }

    /// <summary>GET, POST, PUT or DELETE.</summary>
    public string HttpMethod { get; }

    /// <summary>The path as the option has it, for example <c>/v1/{name=campaigns/*}:start</c>.</summary>
    public string Template { get; }

    /// <summary>Whether the request is the body; otherwise its fields are in the query.</summary>
    public bool HasBody { get; }

    /// <summary>The field of the request that the path carries; null for none.</summary>
    public FieldDescriptor? PathField { get; }

    /// <summary>The parts of the path between the slashes, without the verb at its end; <c>*</c> is any one part.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>What the path ends with after a colon; empty for none.</summary>
    public string Verb => _verb;

    /// <summary>The routes of the methods that have the option.</summary>
    /// <exception cref="NotSupportedException">An option uses what this server does not have: more than one field in the path, a nested field, a part as the body, further bindings, or a path that is taken.</exception>
    public static IReadOnlyList<RestRoute> Of(IEnumerable<ServiceDescriptor> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var routes = services.SelectMany(service => service.Methods).Where(method => !method.IsClientStreaming).Select(Of).OfType<RestRoute>().ToList();
        return routes.GroupBy(route => (route.HttpMethod, string.Join('/', route.Segments), route.Verb)).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw Unsupported(twice.Last().Method, $"{twice.Last().Template}, which is also that of {twice.First().Method.FullName}")
            : routes;
    }

    /// <summary>Whether a path is this route's, and the value that it has for <see cref="PathField"/>.</summary>
    /// <param name="path">The path as it was sent, still escaped: an escaped slash or colon belongs to a name.</param>
    /// <param name="value">The value, unescaped; empty when the path carries no field.</param>
    internal bool Matches(string path, out string value)
    {
        value = "";
        var (segments, verb) = Split(path);
        if (verb != _verb || segments.Length != _segments.Length)
        {
            return false;
        }

        for (var at = 0; at < segments.Length; at++)
        {
            if (_segments[at] == "*" ? segments[at].Length == 0 : segments[at] != _segments[at])
            {
                return false;
            }
        }

        value = Uri.UnescapeDataString(string.Join('/', segments.Skip(_fieldStart).Take(_fieldLength)));
        return true;
    }

    private static RestRoute? Of(MethodDescriptor method)
    {
        if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not { } rule)
        {
            return null;
        }

        var (verb, template) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            _ => throw Unsupported(method, rule.PatternCase.ToString()),
        };
        var hasBody = verb is "PUT" or "POST";
        return rule.Body == (hasBody ? "*" : "") && rule.ResponseBody.Length == 0 && rule.AdditionalBindings.Count == 0
            ? new RestRoute(method, verb, template, hasBody)
            : throw Unsupported(method, template);
    }

    private static (string[] Segments, string Verb) Split(string path)
    {
        var segments = path.Split('/');
        var last = segments[^1];
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (segments, "");
        }

        segments[^1] = last[..colon];
        return (segments, last[(colon + 1)..]);
    }

    private static NotSupportedException Unsupported(MethodDescriptor method, string what) => new($"the google.api.http option of {method.FullName} cannot be served: {what}");
}
