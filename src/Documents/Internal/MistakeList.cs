namespace HostAgent.Documents.Internal;

internal sealed class MistakeList(int maximum)
{
    private readonly List<DocumentMistake> _mistakes = [];
    private int _more;

    public void Add(DocumentNode at, string path, string value, string allowed, string message)
        => Add(at.At.Line, at.At.Column, path, value, allowed, message);

    public void Add(int line, int column, string path, string value, string allowed, string message)
    {
        if (_mistakes.Count < maximum)
        {
            _mistakes.Add(new DocumentMistake(path, line, column, value, allowed, message));
        }
        else
        {
            _more++;
        }
    }

    public IReadOnlyList<DocumentMistake> InOrder()
    {
        var ordered = _mistakes.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column).ToList();
        if (_more > 0)
        {
            ordered.Add(new DocumentMistake(string.Empty, 0, 0, string.Empty, string.Empty, $"{_more} more mistakes are not shown; mend these first."));
        }

        return ordered;
    }
}
