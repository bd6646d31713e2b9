"""Every fault of a delivered value in both languages: what is wrong and what to do. Never a value of the sender's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """`sets_aside`: the row cannot be stored; else it is, and the fault noted. `{values}` stands for the allowed."""

    sets_aside: bool
    vi: str
    en: str


_ASIDE: Mapping[str, tuple[str, str]] = {
    "no_key": (
        "Thiếu giá trị khóa của dòng. Hãy điền giá trị này.",
        "The row lacks a part of its key. Fill it in.",
    ),
    "not_text": (
        "Giá trị không đọc được thành chữ. Hãy nhập lại.",
        "The value cannot be read as text. Enter it again.",
    ),
    "not_whole": (
        "Không phải số nguyên, hoặc có thể đọc theo hai cách (1.234). Hãy ghi số không có dấu phân nhóm, "
        "hoặc cho biết dấu thập phân khi nạp (--decimal comma hoặc point).",
        "Not a whole number, or one with two readings (1.234). Write it without grouping signs, "
        "or name the decimal sign (--decimal comma or point).",
    ),
    "not_number": (
        "Không phải số, hoặc có thể đọc theo hai cách (1,234). Hãy ghi dạng 1234.5, "
        "hoặc cho biết dấu thập phân khi nạp (--decimal comma hoặc point).",
        "Not a number, or one with two readings (1,234). Write it as 1234.5, "
        "or name the decimal sign (--decimal comma or point).",
    ),
    "not_date": (
        "Không phải ngày có thật. Hãy ghi dạng ngày/tháng/năm hoặc năm-tháng-ngày.",
        "Not a date that exists. Write it as day/month/year or year-month-day.",
    ),
    "not_month": (
        "Không phải tháng. Hãy ghi dạng tháng/năm, hoặc ngày đầu tháng.",
        "Not a month. Write it as month/year, or as its first day.",
    ),
    "not_timestamp": (
        "Không phải thời điểm. Hãy ghi dạng năm-tháng-ngày giờ:phút.",
        "Not a moment. Write it as year-month-day hour:minute.",
    ),
    "not_time": ("Không phải giờ. Hãy ghi dạng giờ:phút.", "Not a time of day. Write it as hour:minute."),
    "not_bool": ("Không phải có hoặc không. Hãy ghi 1 hoặc 0.", "Neither yes nor no. Write 1 or 0."),
    "wrong_type": (
        "Cột này có kiểu dữ liệu không dùng được. Hãy xuất lại cột đúng kiểu.",
        "The column has a type which does not fit. Export it with the right one.",
    ),
    "not_allowed": (
        "Giá trị nằm ngoài danh mục. Chỉ dùng: {values}.",
        "The value is outside its list. Use one of: {values}.",
    ),
    "ragged_row": (
        "Dòng có số ô khác dòng tiêu đề. Hãy kiểm tra dấu phân cách và dấu ngoặc kép.",
        "The row has more or fewer cells than the header. Look at its separators and quotation marks.",
    ),
    "not_utf8": (
        "Dòng có ký tự không phải UTF-8. Hãy lưu tệp dạng UTF-8, hoặc cho biết bảng mã (--encoding tcvn3 hoặc vni).",
        "The row holds bytes which are not UTF-8. Save the file as UTF-8, or name its encoding (tcvn3 or vni).",
    ),
    "cell_error": (
        "Ô có lỗi công thức. Hãy sửa công thức hoặc ghi giá trị.",
        "The cell holds a failed formula. Mend it or write the value.",
    ),
    "bad_base64": (
        "Nội dung bảng không giải mã được (base64). Hãy xuất lại hồ sơ.",
        "The content of a record is not base64. Export the document again.",
    ),
    "broken_xml": (
        "XML bị lỗi hoặc bị cắt cụt từ chỗ này. Hãy xuất lại và gửi lại.",
        "The XML is broken or cut short here. Export it and send it again.",
    ),
    "document_type": (
        "XML khai báo DOCTYPE; loại này không bao giờ được đọc. Hãy xuất lại không có DOCTYPE.",
        "The XML declares a document type, which is never read. Export it without one.",
    ),
    "unreadable": (
        "Chứng từ không đọc được. Hãy xuất lại chứng từ.",
        "The document cannot be read. Export it again.",
    ),
    "document_set_aside": (
        "Dòng này đọc được, nhưng chứng từ của nó có dòng khác bị gác lại. Hãy gửi lại cả chứng từ.",
        "The row itself is fine, but another row of its document is set aside. Send the whole document again.",
    ),
    "outside_territory": (
        "Dòng của đơn vị ngoài địa bàn được giao cho người gửi, hoặc của đơn vị chưa có trong kho. "
        "Hãy bỏ dòng này, hoặc chuyển cho cơ quan phụ trách đơn vị đó gửi.",
        "The row is of a unit outside the sender's territory, or of one which the store does not know. "
        "Leave it out, or have it sent by the office which is responsible for the unit.",
    ),
    "whole_country": (
        "Bảng này không ghi theo đơn vị hay cơ quan, nên chỉ nhận từ nơi gửi dữ liệu cho cả nước. "
        "Hãy chuyển tệp cho cơ quan trung ương gửi.",
        "The table names no unit and no office, so it is taken only from whoever delivers for the whole country. "
        "Have the central office send it.",
    ),
}
_NOTED: Mapping[str, tuple[str, str]] = {
    "no_value": ("Thiếu giá trị ở cột bắt buộc.", "A value is missing in a column which should have one."),
    "nan_to_null": (
        "Ô ghi NaN hoặc NULL; đã lưu là trống.",
        "The cell says NaN or NULL; it is stored as empty.",
    ),
    "rounded": (
        "Số có hơn ba chữ số thập phân; đã làm tròn.",
        "The number has more than three decimals; it is stored rounded.",
    ),
    "month_day": (
        "Tháng ghi bằng một ngày khác ngày 1; đã lưu là ngày đầu tháng.",
        "The month is given by a day other than its first; the first is stored.",
    ),
    "dates_reversed": (
        "Ngày kết thúc trước ngày bắt đầu.",
        "The end lies before the beginning.",
    ),
    "unknown_code": ("Mã không có trong danh mục.", "The code is not in its list."),
    "unknown_reference": (
        "Mã chưa có trong kho dữ liệu và cũng không có trong gói dữ liệu này. Hãy nạp bảng có mã này; "
        "nếu là số khác của một người đã có, hãy nạp dòng person_identity hoặc person_link của người đó.",
        "The code is neither in the store nor in this delivery. Deliver the table which lists it; "
        "for another number of a known person, the row of person_identity or person_link which leads to them.",
    ),
    "sum_differs": ("Tổng khác với các thành phần cộng lại.", "The sum differs from its parts."),
    "no_head": (
        "Không tìm thấy phần đầu của chứng từ; cột lấy từ phần đầu để trống.",
        "The head of the document is not found; what it should give stays empty.",
    ),
    "earlier_sending": (
        "Gói dữ liệu có lần gửi sau của cùng hồ sơ; của lần gửi này chỉ giữ phần đầu hồ sơ.",
        "The delivery has a later sending of the same claim; of this one only the head is kept.",
    ),
    "count_differs": (
        "Số hồ sơ ghi trong tệp khác với số hồ sơ có trong tệp.",
        "The file names another number of documents than it holds.",
    ),
    "namespace_mended": (
        "Tên miền XML khai báo sai; đã đọc như khai báo đúng.",
        "An XML namespace is declared wrongly; it was read as if declared well.",
    ),
    "unknown_record": (
        "Loại bảng không có trong chuẩn dữ liệu; không được nạp.",
        "The record is of a kind the format does not have; it is not loaded.",
    ),
    "unknown_root": (
        "Phần tử gốc của bảng khác với chuẩn dữ liệu.",
        "The root element of the record is another than the format names.",
    ),
    "other_document": (
        "Dòng ghi mã liên kết khác với mã của chứng từ chứa nó.",
        "The row carries the key of another document than the one it stands in.",
    ),
    "unknown_row": (
        "Dòng trong bảng không phải dòng lao động, mục hay tổng cộng; không được nạp.",
        "The row inside the list is no worker, section or total; it is not loaded.",
    ),
    "wage_coefficient": (
        "Mức lương ghi bằng hệ số, không phải số tiền; tiền lương để trống.",
        "The wage is given as a coefficient, not as money; the wage stays empty.",
    ),
    "extra_column": (
        "Cột không có trong hợp đồng dữ liệu; không được nạp.",
        "The column is not in the data contract; it is not loaded.",
    ),
    "same_key": (
        "Hai dòng có cùng khóa trong một gói dữ liệu; dòng sau được giữ.",
        "Two rows of one delivery have the same key; the later one is kept.",
    ),
}

MESSAGES: Mapping[str, Message] = {code: Message(True, vi, en) for code, (vi, en) in _ASIDE.items()} | {
    code: Message(False, vi, en) for code, (vi, en) in _NOTED.items()
}


def message(code: str, language: str, allowed: Sequence[str] = ()) -> str:
    """The text of a fault in 'vi' or 'en'."""
    found = MESSAGES[code]
    words = found.vi if language == "vi" else found.en
    return words.replace("{values}", ", ".join(allowed))
