using System.Globalization;
using System.Text;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>
/// Reads WQL as Microsoft documents it, as far as the product writes it, and knows nothing of how the product writes it: a value that is
/// not escaped as WQL wants it is read as something else here, as it would be on a host.
/// </summary>
internal sealed class WqlReader
{
    private readonly string _text;
    private int _position;

    private WqlReader(string text) => _text = text;

    /// <exception cref="CimException">WBEM_E_INVALID_QUERY.</exception>
    public static WqlQuery Read(string text)
    {
        var reader = new WqlReader(text);
        var query = reader.ReadQuery();
        return reader.AtEnd ? query : throw reader.Refused("the end");
    }

    private bool AtEnd
    {
        get
        {
            SkipSpace();
            return _position == _text.Length;
        }
    }

    private WqlQuery ReadQuery()
    {
        if (TakeWord("ASSOCIATORS"))
        {
            return ReadAssociators();
        }

        Word("SELECT");
        Symbol('*');
        Word("FROM");
        var className = Name();
        return TakeWord("WITHIN") ? ReadWatch(className) : ReadSelect(className);
    }

    private WqlQuery.Associators ReadAssociators()
    {
        Word("OF");
        Symbol('{');
        var source = PathUpToBrace();
        Word("WHERE");
        Word("AssocClass");
        Symbol('=');
        var association = Name();
        Word("ResultClass");
        Symbol('=');
        return new WqlQuery.Associators(source, association, Name());
    }

    private WqlQuery.Watch ReadWatch(string eventClass)
    {
        if (eventClass != "__InstanceOperationEvent")
        {
            throw Refused("__InstanceOperationEvent");
        }

        var within = Number();
        Word("WHERE");
        Word("TargetInstance");
        Word("ISA");
        return Literal() is string className
            ? new WqlQuery.Watch(className, TimeSpan.FromSeconds((double)within))
            : throw Refused("a class in quotes");
    }

    private WqlQuery.Select ReadSelect(string className)
    {
        var conditions = new List<CimFilter>();
        while (TakeWord(conditions.Count == 0 ? "WHERE" : "AND"))
        {
            var property = PropertyName();
            Symbol('=');
            conditions.Add(new CimFilter(property, Literal()));
        }

        return new WqlQuery.Select(className, conditions);
    }

    private object Literal()
    {
        SkipSpace();
        if (_position < _text.Length && _text[_position] is '\'' or '"')
        {
            return Quoted(_text[_position]);
        }

        return TakeWord("TRUE") ? true : TakeWord("FALSE") ? false : Number();
    }

    // A backslash takes away the meaning of what follows it; either quote ends only a text that it began.
    private string Quoted(char quote)
    {
        var value = new StringBuilder();
        for (_position++; _position < _text.Length; _position++)
        {
            var character = _text[_position];
            if (character == quote)
            {
                _position++;
                return value.ToString();
            }

            value.Append(character == '\\' && _position + 1 < _text.Length ? _text[++_position] : character);
        }

        throw Refused("a closing quote");
    }

    private CimObjectPath PathUpToBrace()
    {
        var start = _position;
        for (var quoted = false; _position < _text.Length; _position++)
        {
            switch (_text[_position])
            {
                case '\\' when quoted:
                    _position++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '}' when !quoted:
                    return ParsePath(_text[start.._position++]);
            }
        }

        throw Refused("}");
    }

    private CimObjectPath ParsePath(string text)
    {
        try
        {
            return CimObjectPath.Parse(text);
        }
        catch (FormatException)
        {
            throw Refused("an object path");
        }
    }

    private string Name()
    {
        SkipSpace();
        var start = _position;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_'))
        {
            _position++;
        }

        return _position > start && !char.IsAsciiDigit(_text[start]) ? _text[start.._position] : throw Refused("a name");
    }

    // A property of an embedded object is named through the property that holds it.
    private string PropertyName()
    {
        var name = Name();
        while (_position < _text.Length && _text[_position] == '.')
        {
            _position++;
            name += '.' + Name();
        }

        return name;
    }

    private decimal Number()
    {
        SkipSpace();
        var start = _position;
        while (_position < _text.Length && (char.IsAsciiDigit(_text[_position]) || _text[_position] is '.' or '-'))
        {
            _position++;
        }

        return decimal.TryParse(_text.AsSpan(start.._position), NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refused("a number");
    }

    private void Word(string word)
    {
        if (!TakeWord(word))
        {
            throw Refused(word);
        }
    }

    private bool TakeWord(string word)
    {
        SkipSpace();
        var end = _position + word.Length;
        if (end > _text.Length || !_text.AsSpan(_position, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            || (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_')))
        {
            return false;
        }

        _position = end;
        return true;
    }

    private void Symbol(char symbol)
    {
        SkipSpace();
        if (_position == _text.Length || _text[_position] != symbol)
        {
            throw Refused(symbol.ToString());
        }

        _position++;
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }

    private CimException Refused(string expected)
        => new(CimErrorCode.InvalidQuery, $"Expected {expected} at character {_position + 1} of: {_text}");
}
