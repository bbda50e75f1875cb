<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi" sourcelanguage="en">
<context>
    <name>About</name>
    <message>
        <source>&amp;Licences…</source>
        <translation>&amp;Giấy phép…</translation>
    </message>
    <message>
        <source>Finds the photos on your own disk from a Vietnamese sentence. Nothing leaves this machine.</source>
        <translation>Tìm ảnh trên đĩa của chính bạn bằng một câu tiếng Việt. Không có dữ liệu nào rời khỏi máy này.</translation>
    </message>
    <message>
        <source>Licence: Apache-2.0. The starter checkpoints learnt from research data; their README files in resources/models say which.</source>
        <translation>Giấy phép: Apache-2.0. Các mô hình khởi đầu học từ dữ liệu nghiên cứu; tệp README của chúng trong resources/models cho biết dữ liệu nào.</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Phiên bản {version}</translation>
    </message>
    <message>
        <source>About Ảnh Ơi</source>
        <translation>Giới thiệu Ảnh Ơi</translation>
    </message>
</context>
<context>
    <name>Autostart</name>
    <message>
        <source>Starting with the system cannot be changed: {path}: {reason}.</source>
        <translation>Không đổi được việc khởi động cùng hệ thống: {path}: {reason}.</translation>
    </message>
</context>
<context>
    <name>BestCard</name>
    <message>
        <source>Use it</source>
        <translation>Dùng</translation>
    </message>
    <message>
        <source>Search with these weights from now on</source>
        <translation>Từ nay tìm kiếm với các trọng số này</translation>
    </message>
    <message>
        <source>Best weights</source>
        <translation>Trọng số tốt nhất</translation>
    </message>
    <message>
        <source>They cannot be chosen while one model alone is asked.</source>
        <translation>Không chọn được khi chỉ một mô hình được hỏi.</translation>
    </message>
    <message>
        <source>They cannot be chosen from the captions of one photo.</source>
        <translation>Không thể chọn từ chú thích của chỉ một ảnh.</translation>
    </message>
    <message>
        <source>Best: {fusion}</source>
        <translation>Tốt nhất: {fusion}</translation>
    </message>
    <message>
        <source>R@10 {best} on the half it was not chosen on (OpenCLIP alone {openclip}, BEiT3 alone {beit3}).</source>
        <translation>R@10 {best} trên nửa không dùng để chọn (chỉ OpenCLIP {openclip}, chỉ BEiT3 {beit3}).</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Đang dùng</translation>
    </message>
</context>
<context>
    <name>Browser</name>
    <message>
        <source>{best} best of {all} photos · {milliseconds} ms</source>
        <translation>{best} ảnh khớp nhất trong {all} ảnh · {milliseconds} ms</translation>
    </message>
    <message>
        <source>{all} photos, the nearest first · {milliseconds} ms</source>
        <translation>{all} ảnh, gần nhất trước · {milliseconds} ms</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln ảnh</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Caption</name>
    <message>
        <source>Photo {position} of {total}</source>
        <translation>Ảnh {position} / {total}</translation>
    </message>
</context>
<context>
    <name>ChartView</name>
    <message>
        <source>The picture {path} cannot be written.</source>
        <translation>Không ghi được hình {path}.</translation>
    </message>
</context>
<context>
    <name>Charts</name>
    <message>
        <source>Other weights cannot be tried on the captions of one photo.</source>
        <translation>Không thể thử trọng số khác trên chú thích của chỉ một ảnh.</translation>
    </message>
    <message>
        <source>Recall by weight</source>
        <translation>Độ phủ theo trọng số</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>Thứ hạng</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>Biểu đồ</translation>
    </message>
    <message>
        <source>Recall among the first</source>
        <translation>Độ phủ trong các kết quả đầu</translation>
    </message>
</context>
<context>
    <name>ComparisonCard</name>
    <message>
        <source>{fusion}, in use</source>
        <translation>{fusion}, đang dùng</translation>
    </message>
    <message>
        <source>Difference, {figure}</source>
        <translation>Chênh lệch, {figure}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln query(s) are too few to tell which pair finds better.</source>
        <translation>
            <numerusform>%Ln câu tìm là quá ít để biết cặp nào tìm tốt hơn.</numerusform>
        </translation>
    </message>
    <message>
        <source>Which pair finds better cannot be told: R@10 {value} may be chance.</source>
        <translation>Chưa thể nói cặp nào tìm tốt hơn: R@10 {value} có thể là ngẫu nhiên.</translation>
    </message>
    <message>
        <source>{pair} finds better: R@10 {value}, which is more than chance.</source>
        <translation>{pair} tìm tốt hơn: R@10 {value}, vượt mức ngẫu nhiên.</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Chênh lệch</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>{percent}%</source>
        <translation>{percent}%</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Thu phóng</translation>
    </message>
</context>
<context>
    <name>Copying</name>
    <message>
        <source>There is no room left in {folder}.</source>
        <translation>{folder} không còn chỗ trống.</translation>
    </message>
    <message>
        <source>The copies cannot be written to {folder}: {reason}.</source>
        <translation>Không ghi được bản sao vào {folder}: {reason}.</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Unexpected error</source>
        <translation>Lỗi ngoài dự kiến</translation>
    </message>
    <message numerus="yes">
        <source>%n unexpected error(s) occurred.</source>
        <translation>
            <numerusform>Đã xảy ra %n lỗi ngoài dự kiến.</numerusform>
        </translation>
    </message>
    <message>
        <source>Something unexpected went wrong in Ảnh Ơi.</source>
        <translation>Ảnh Ơi gặp một lỗi ngoài dự kiến.</translation>
    </message>
    <message>
        <source>Your photos are untouched. You can go on; what you just did may have to be done again. If you report this error, please copy the text below into your message.</source>
        <translation>Ảnh của bạn vẫn nguyên vẹn. Bạn có thể tiếp tục; thao tác vừa rồi có thể phải làm lại. Nếu báo lỗi này, hãy sao chép nội dung bên dưới vào lời nhắn của bạn.</translation>
    </message>
    <message>
        <source>Details of the error</source>
        <translation>Chi tiết lỗi</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Sao chép</translation>
    </message>
    <message>
        <source>Copy the details and the versions of program and system</source>
        <translation>Sao chép chi tiết cùng phiên bản của chương trình và hệ thống</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Đã sao chép.</translation>
    </message>
    <message>
        <source>&amp;Quit Ảnh Ơi</source>
        <translation>T&amp;hoát Ảnh Ơi</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Tiếp tục</translation>
    </message>
</context>
<context>
    <name>CrashReporter</name>
    <message>
        <source>The same unexpected error occurred again.</source>
        <translation>Lỗi ngoài dự kiến vừa rồi lại xảy ra.</translation>
    </message>
</context>
<context>
    <name>DataBar</name>
    <message numerus="yes">
        <source>My marks (%Ln query(s))</source>
        <translation>
            <numerusform>Đánh dấu của tôi (%Ln câu tìm)</numerusform>
        </translation>
    </message>
    <message>
        <source>My marks</source>
        <translation>Đánh dấu của tôi</translation>
    </message>
    <message>
        <source>The photos that you marked as the right ones for a search</source>
        <translation>Những ảnh bạn đã đánh dấu là đúng cho một câu tìm</translation>
    </message>
    <message>
        <source>Caption file</source>
        <translation>Tệp chú thích</translation>
    </message>
    <message>
        <source>TSV (image, tab, caption), CSV (image_filename;caption) or JSON lines</source>
        <translation>TSV (ảnh, tab, chú thích), CSV (image_filename;caption) hoặc JSON theo dòng</translation>
    </message>
    <message>
        <source>Captions: .tsv, .csv or .jsonl</source>
        <translation>Chú thích: .tsv, .csv hoặc .jsonl</translation>
    </message>
    <message>
        <source>The folder of their photos</source>
        <translation>Thư mục chứa các ảnh đó</translation>
    </message>
    <message>
        <source>Folder of the photos</source>
        <translation>Thư mục ảnh</translation>
    </message>
    <message>
        <source>Choose a caption file</source>
        <translation>Chọn tệp chú thích</translation>
    </message>
    <message>
        <source>Choose the folder of the photos</source>
        <translation>Chọn thư mục ảnh</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Đánh giá</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
    <message>
        <source>Progress of the evaluation</source>
        <translation>Tiến độ đánh giá</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Lỗi</translation>
    </message>
    <message>
        <source>Captions (*.tsv *.csv *.jsonl *.ndjson *.txt);;All files (*)</source>
        <translation>Chú thích (*.tsv *.csv *.jsonl *.ndjson *.txt);;Mọi tệp (*)</translation>
    </message>
</context>
<context>
    <name>DataLocation</name>
    <message>
        <source>{path} cannot be used: {reason}.</source>
        <translation>Không dùng được {path}: {reason}.</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Data</source>
        <translation>Dữ liệu</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Mở thư mục</translation>
    </message>
    <message>
        <source>Move…</source>
        <translation>Chuyển…</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>Xoá…</translation>
    </message>
    <message>
        <source>{done} of {total} moved</source>
        <translation>Đã chuyển {done} / {total}</translation>
    </message>
    <message>
        <source>What Ảnh Ơi knows of your photos lies here. The photos themselves stay in their own folders and are never changed.</source>
        <translation>Những gì Ảnh Ơi biết về ảnh của bạn nằm ở đây. Bản thân ảnh vẫn ở trong thư mục của chúng và không bao giờ bị thay đổi.</translation>
    </message>
    <message>
        <source>Moving the library</source>
        <translation>Đang chuyển thư viện</translation>
    </message>
    <message>
        <source>Place of the library</source>
        <translation>Vị trí thư viện</translation>
    </message>
    <message>
        <source>Folders, photos, embeddings, marks; cannot be made again</source>
        <translation>Thư mục, ảnh, vectơ đặc trưng, đánh dấu; không thể tạo lại</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Thư viện</translation>
    </message>
    <message>
        <source>Small copies for the grid; made again as you look at photos</source>
        <translation>Bản sao nhỏ cho lưới ảnh; được tạo lại khi bạn xem ảnh</translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation>Ảnh thu nhỏ</translation>
    </message>
    <message>
        <source>Make searching quick; made again from the library</source>
        <translation>Giúp tìm kiếm nhanh; được tạo lại từ thư viện</translation>
    </message>
    <message>
        <source>Indexes</source>
        <translation>Chỉ mục</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>Tổng cộng</translation>
    </message>
    <message>
        <source>Clear: {part}</source>
        <translation>Xoá: {part}</translation>
    </message>
    <message>
        <source>Delete all thumbnails?</source>
        <translation>Xoá mọi ảnh thu nhỏ?</translation>
    </message>
    <message>
        <source>They are made again as you look at your photos.</source>
        <translation>Chúng được tạo lại khi bạn xem ảnh.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Xoá</translation>
    </message>
    <message>
        <source>Delete the indexes?</source>
        <translation>Xoá các chỉ mục?</translation>
    </message>
    <message>
        <source>They are made again from the library; nothing has to be embedded.</source>
        <translation>Chúng được tạo lại từ thư viện; không ảnh nào phải mã hoá lại.</translation>
    </message>
    <message>
        <source>Choose where the library shall lie</source>
        <translation>Chọn nơi đặt thư viện</translation>
    </message>
    <message>
        <source>Move the library to {folder}?</source>
        <translation>Chuyển thư viện tới {folder}?</translation>
    </message>
    <message>
        <source>Until it has arrived, nothing can be searched or indexed.</source>
        <translation>Trong lúc chuyển, không thể tìm kiếm hay lập chỉ mục.</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Chuyển</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
</context>
<context>
    <name>Deleting</name>
    <message>
        <source>It can be downloaded again. What it has embedded is kept.</source>
        <translation>Có thể tải lại. Các vectơ đặc trưng đã tạo được giữ.</translation>
    </message>
    <message>
        <source>It cannot be downloaded: without a copy of your own it is gone. What it has embedded is kept.</source>
        <translation>Không tải lại được: nếu bạn không có bản sao thì mất hẳn. Các vectơ đặc trưng đã tạo được giữ.</translation>
    </message>
    <message>
        <source>Delete the files of {name}?</source>
        <translation>Xoá tệp của {name}?</translation>
    </message>
    <message numerus="yes">
        <source>It has embedded %Ln photo(s), which take {size}. To search with it again, all of them have to be embedded once more, and that takes time.</source>
        <translation>
            <numerusform>Nó đã mã hoá %Ln ảnh, chiếm {size}. Muốn tìm lại bằng nó, phải mã hoá lại tất cả, và việc đó mất thời gian.</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete the embeddings of {name}?</source>
        <translation>Xoá vectơ đặc trưng của {name}?</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Mô hình</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Xoá</translation>
    </message>
</context>
<context>
    <name>DownloadStrip</name>
    <message>
        <source>Models…</source>
        <translation>Mô hình…</translation>
    </message>
    <message>
        <source>Cancel the download</source>
        <translation>Huỷ tải</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more waiting</source>
        <translation>
            <numerusform>%Ln mục khác đang chờ</numerusform>
        </translation>
    </message>
    <message>
        <source>Downloading {name}</source>
        <translation>Đang tải {name}</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Tiến độ tải</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>How well are the photos found?</source>
        <translation>Tìm ảnh chính xác đến đâu?</translation>
    </message>
    <message>
        <source>An evaluation searches for sentences whose right photo is known, with OpenCLIP, with BEiT3 and with both, and tells which weights find the right photos best.</source>
        <translation>Phần đánh giá tìm thử bằng những câu đã biết trước ảnh đúng, với OpenCLIP, với BEiT3 và với cả hai, rồi cho biết trọng số nào tìm ra ảnh đúng tốt nhất.</translation>
    </message>
    <message>
        <source>Use your own photos: search, and mark the right photo among the results. Or choose a file of captions and the folder of its photos.</source>
        <translation>Dùng ảnh của chính bạn: tìm kiếm rồi đánh dấu ảnh đúng trong kết quả. Hoặc chọn một tệp chú thích và thư mục chứa ảnh tương ứng.</translation>
    </message>
</context>
<context>
    <name>EngineSentence</name>
    <message>
        <source>The file is empty.</source>
        <translation>Tệp trống.</translation>
    </message>
    <message>
        <source>The file is cut off: only part of the picture is there.</source>
        <translation>Tệp không trọn vẹn: chỉ còn một phần của ảnh.</translation>
    </message>
    <message>
        <source>The file is not a photo of a kind that can be read.</source>
        <translation>Tệp không phải loại ảnh đọc được.</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>Tệp không còn ở đó.</translation>
    </message>
    <message>
        <source>The file cannot be read: {reason}.</source>
        <translation>Không đọc được tệp: {reason}.</translation>
    </message>
    <message>
        <source>There is no permission to read the file.</source>
        <translation>Không có quyền đọc tệp.</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>Đây không phải tệp thông thường.</translation>
    </message>
    <message>
        <source>The picture in the file is damaged and cannot be decoded.</source>
        <translation>Ảnh trong tệp bị hỏng, không giải mã được.</translation>
    </message>
    <message>
        <source>The picture is too large to decode.</source>
        <translation>Ảnh quá lớn, không giải mã được.</translation>
    </message>
    <message>
        <source>The picture is too large to decode: {width} x {height} pixels.</source>
        <translation>Ảnh quá lớn, không giải mã được: {width} x {height} điểm ảnh.</translation>
    </message>
    <message>
        <source>There is too little free memory to decode the picture.</source>
        <translation>Không đủ bộ nhớ trống để giải mã ảnh.</translation>
    </message>
    <message>
        <source>There is too little free memory to decode the picture: it takes up to {size} MiB.</source>
        <translation>Không đủ bộ nhớ trống để giải mã ảnh: cần tới {size} MiB.</translation>
    </message>
    <message>
        <source>The photo made the model process crash or hang.</source>
        <translation>Ảnh này làm tiến trình mô hình sập hoặc treo.</translation>
    </message>
    <message>
        <source>There is no folder {folder}.</source>
        <translation>Không có thư mục {folder}.</translation>
    </message>
    <message>
        <source>{path} is a file; name the folder it lies in.</source>
        <translation>{path} là một tệp; hãy chọn thư mục chứa nó.</translation>
    </message>
    <message>
        <source>The folder {folder} may not be read.</source>
        <translation>Không có quyền đọc thư mục {folder}.</translation>
    </message>
    <message>
        <source>The folder could not be read: {reason}.</source>
        <translation>Không đọc được thư mục: {reason}.</translation>
    </message>
    <message>
        <source>There is no library in {folder} yet; index a folder first.</source>
        <translation>Chưa có thư viện trong {folder}; hãy lập chỉ mục một thư mục trước.</translation>
    </message>
    <message>
        <source>The library {path} cannot be opened: {reason}.</source>
        <translation>Không mở được thư viện {path}: {reason}.</translation>
    </message>
    <message>
        <source>The library cannot be kept in {folder}: {reason}.</source>
        <translation>Không thể giữ thư viện trong {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The library could not be used: {reason}.</source>
        <translation>Không dùng được thư viện: {reason}.</translation>
    </message>
    <message>
        <source>The library file {path} has been emptied.</source>
        <translation>Tệp thư viện {path} đã bị làm trống.</translation>
    </message>
    <message>
        <source>The library file is damaged ({reason}); it is set aside at the next indexing.</source>
        <translation>Tệp thư viện bị hỏng ({reason}); nó sẽ được cất riêng ở lần lập chỉ mục tới.</translation>
    </message>
    <message>
        <source>The library is in use by another program; try again in a moment.</source>
        <translation>Thư viện đang được chương trình khác dùng; hãy thử lại sau giây lát.</translation>
    </message>
    <message>
        <source>The library cannot be written, please check its permissions ({reason}).</source>
        <translation>Không ghi được thư viện, hãy kiểm tra quyền truy cập của nó ({reason}).</translation>
    </message>
    <message>
        <source>The disk is full: the library could not be written. Nothing in it was lost.</source>
        <translation>Đĩa đầy: không ghi được thư viện. Không có gì trong đó bị mất.</translation>
    </message>
    <message>
        <source>The disk is full or does not answer ({reason}). Nothing was lost.</source>
        <translation>Đĩa đầy hoặc không phản hồi ({reason}). Không có gì bị mất.</translation>
    </message>
    <message>
        <source>Another Ảnh Ơi is writing to the library in {folder}; wait for it or close it.</source>
        <translation>Một phiên Ảnh Ơi khác đang ghi vào thư viện trong {folder}; hãy chờ hoặc đóng nó.</translation>
    </message>
    <message>
        <source>{path} is from an older version; index once to bring it up.</source>
        <translation>{path} thuộc phiên bản cũ hơn; hãy lập chỉ mục một lần để nâng cấp.</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of Ảnh Ơi (schema {found}, this version knows {known}). Please update; the file was not touched.</source>
        <translation>{path} do phiên bản Ảnh Ơi mới hơn ghi (lược đồ {found}, phiên bản này biết {known}). Hãy cập nhật; tệp chưa bị đụng tới.</translation>
    </message>
    <message>
        <source>The thumbnails in {folder} cannot be written: {reason}.</source>
        <translation>Không ghi được ảnh thu nhỏ trong {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The thumbnails in {folder} cannot be deleted: {reason}.</source>
        <translation>Không xoá được ảnh thu nhỏ trong {folder}: {reason}.</translation>
    </message>
    <message>
        <source>The index {path} is ahead of its library.</source>
        <translation>Chỉ mục {path} mới hơn thư viện của nó.</translation>
    </message>
    <message>
        <source>The index {path} cannot be read: {reason}.</source>
        <translation>Không đọc được chỉ mục {path}: {reason}.</translation>
    </message>
    <message>
        <source>The index {path} could not be written ({reason}); the library has lost nothing.</source>
        <translation>Không ghi được chỉ mục {path} ({reason}); thư viện không mất gì.</translation>
    </message>
    <message>
        <source>The query is empty.</source>
        <translation>Câu tìm trống.</translation>
    </message>
    <message>
        <source>The query has no word in it.</source>
        <translation>Câu tìm không có từ nào.</translation>
    </message>
    <message>
        <source>The query holds a broken character.</source>
        <translation>Câu tìm có ký tự bị lỗi.</translation>
    </message>
    <message>
        <source>The query only says what to avoid; say what to look for, too.</source>
        <translation>Câu tìm chỉ nêu điều cần tránh; hãy nêu cả điều cần tìm.</translation>
    </message>
    <message>
        <source>The photo is no longer in the library.</source>
        <translation>Ảnh không còn trong thư viện.</translation>
    </message>
    <message>
        <source>The query has {length} characters; at most {most} can be searched.</source>
        <translation>Câu tìm có {length} ký tự; tối đa chỉ được {most}.</translation>
    </message>
    <message>
        <source>No right photo of any query has been embedded by both pairs.</source>
        <translation>Chưa ảnh đúng nào của các câu tìm được cả hai cặp mô hình mã hoá.</translation>
    </message>
    <message>
        <source>The model process cannot be started: {reason}.</source>
        <translation>Không khởi động được tiến trình mô hình: {reason}.</translation>
    </message>
    <message>
        <source>The model process dies whenever a text is encoded.</source>
        <translation>Tiến trình mô hình sập mỗi khi mã hoá văn bản.</translation>
    </message>
    <message>
        <source>The model process dies over any photo; there may be too little memory, or the installation may be damaged.</source>
        <translation>Tiến trình mô hình sập với mọi ảnh; có thể thiếu bộ nhớ hoặc bản cài đặt bị hỏng.</translation>
    </message>
    <message>
        <source>The model process was closed.</source>
        <translation>Tiến trình mô hình đã đóng.</translation>
    </message>
    <message>
        <source>The encoders cannot run on {device}: this machine has none.</source>
        <translation>Bộ mã hoá không chạy được trên {device}: máy này không có.</translation>
    </message>
    <message>
        <source>None of the photos that {captions} names is in {folder}.</source>
        <translation>Trong {folder} không có ảnh nào được nêu trong {captions}.</translation>
    </message>
    <message>
        <source>None of the captioned photos could be read.</source>
        <translation>Không đọc được ảnh nào có chú thích.</translation>
    </message>
    <message>
        <source>At least two photos with captions are needed to choose weights.</source>
        <translation>Cần ít nhất hai ảnh có chú thích để chọn trọng số.</translation>
    </message>
    <message>
        <source>No photo has been marked as the right one for a query yet.</source>
        <translation>Chưa có ảnh nào được đánh dấu là đúng cho một câu tìm.</translation>
    </message>
    <message>
        <source>At least two queries with different right photos must be marked.</source>
        <translation>Cần đánh dấu ít nhất hai câu tìm có ảnh đúng khác nhau.</translation>
    </message>
    <message>
        <source>{path}, line {line}: {reason}.</source>
        <translation>{path}, dòng {line}: {reason}.</translation>
    </message>
    <message>
        <source>there is no caption in the file</source>
        <translation>tệp không có chú thích nào</translation>
    </message>
    <message>
        <source>there is no caption after the names of the columns</source>
        <translation>sau tên các cột không có chú thích nào</translation>
    </message>
    <message>
        <source>columns expected: {expected}, found: {found}</source>
        <translation>cần {expected} cột, thấy {found}</translation>
    </message>
    <message>
        <source>the image has no name</source>
        <translation>ảnh không có tên</translation>
    </message>
    <message>
        <source>the caption is empty</source>
        <translation>chú thích trống</translation>
    </message>
    <message>
        <source>it is not UTF-8 text</source>
        <translation>đó không phải văn bản UTF-8</translation>
    </message>
    <message>
        <source>its quotes are not as in CSV ({reason})</source>
        <translation>dấu ngoặc kép không đúng kiểu CSV ({reason})</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>đó không phải JSON</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>đó không phải đối tượng JSON</translation>
    </message>
    <message>
        <source>it lacks an image name or a caption</source>
        <translation>thiếu tên ảnh hoặc chú thích</translation>
    </message>
    <message>
        <source>it holds a broken character</source>
        <translation>có ký tự bị lỗi</translation>
    </message>
    <message>
        <source>it has an empty list of captions</source>
        <translation>danh sách chú thích trống</translation>
    </message>
    <message>
        <source>{path} is missing: it describes the text tower (config.json of the model that it comes from).</source>
        <translation>Thiếu {path}: tệp này mô tả phần văn bản (config.json của mô hình gốc).</translation>
    </message>
    <message>
        <source>{path} describes no text tower: {reason}</source>
        <translation>{path} không mô tả một phần văn bản nào: {reason}</translation>
    </message>
    <message>
        <source>The checkpoint {name} needs the tokenizer of its architecture ({file}): {architecture} has none of its own.</source>
        <translation>Mô hình {name} cần bộ tách từ của kiến trúc này ({file}): {architecture} không có sẵn.</translation>
    </message>
    <message>
        <source>The tokenizer {path} cannot be used: {file} is missing.</source>
        <translation>Không dùng được bộ tách từ {path}: thiếu {file}.</translation>
    </message>
    <message>
        <source>The tokenizer {path} cannot be read: {reason}</source>
        <translation>Không đọc được bộ tách từ {path}: {reason}</translation>
    </message>
    <message>
        <source>The file {path} is a TorchScript archive, which holds a program beside its weights; it was not opened. OpenAI&apos;s weights come without one by name: anhoi models download ViT-B-32:openai</source>
        <translation>Tệp {path} là gói TorchScript, chứa cả chương trình bên cạnh trọng số nên không được mở. Hãy tải trọng số của OpenAI theo tên: anhoi models download ViT-B-32:openai</translation>
    </message>
    <message>
        <source>The hub could not be asked for {name}: {reason}</source>
        <translation>Không hỏi được kho Hugging Face về {name}: {reason}</translation>
    </message>
    <message>
        <source>{repository} holds no {files}.</source>
        <translation>{repository} không có {files}.</translation>
    </message>
    <message>
        <source>Photos cannot be prepared by “{way}”, as these weights need.</source>
        <translation>Không thể chuẩn bị ảnh theo cách “{way}” mà trọng số này cần.</translation>
    </message>
    <message>
        <source>{name} could not be converted: there may be too little memory. Close other programs and download again; what has arrived is kept.</source>
        <translation>Không chuyển đổi được {name}: có thể thiếu bộ nhớ. Hãy đóng bớt chương trình rồi tải lại; phần đã tải được giữ lại.</translation>
    </message>
    <message>
        <source>{name} could not be converted: {reason}. Close other programs and download again.</source>
        <translation>Không chuyển đổi được {name}: {reason}. Hãy đóng bớt chương trình rồi tải lại.</translation>
    </message>
    <message>
        <source>{name} is no checkpoint of the {family} family: anhoi models list shows which are.</source>
        <translation>{name} không phải mô hình thuộc họ {family}: anhoi models list cho biết những mô hình nào thuộc họ này.</translation>
    </message>
    <message>
        <source>{name} came with the program and cannot be removed.</source>
        <translation>{name} đi kèm chương trình, không xoá được.</translation>
    </message>
    <message>
        <source>{path} cannot be deleted: {reason}. Close Ảnh Ơi and try again.</source>
        <translation>Không xoá được {path}: {reason}. Hãy đóng Ảnh Ơi rồi thử lại.</translation>
    </message>
    <message>
        <source>The new models cannot be used, those in use stay: {reason}</source>
        <translation>Không dùng được các mô hình mới, vẫn dùng các mô hình hiện tại: {reason}</translation>
    </message>
    <message>
        <source>{name} is in use or being prepared: choose other models before its embeddings are deleted.</source>
        <translation>{name} đang được dùng hoặc đang chuẩn bị: hãy chọn mô hình khác trước khi xoá vectơ đặc trưng của nó.</translation>
    </message>
    <message>
        <source>The index {path} cannot be deleted: {reason}.</source>
        <translation>Không xoá được chỉ mục {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be deleted: {reason}.</source>
        <translation>Không xoá được {path}: {reason}.</translation>
    </message>
    <message>
        <source>There is no checkpoint “{name}”: anhoi models list shows all.</source>
        <translation>Không có mô hình “{name}”: anhoi models list liệt kê tất cả.</translation>
    </message>
    <message>
        <source>{name} is not downloaded yet: anhoi models download {same_name}</source>
        <translation>{name} chưa được tải về: anhoi models download {same_name}</translation>
    </message>
    <message>
        <source>“{name}” cannot name a checkpoint: small letters, digits, dots and hyphens only.</source>
        <translation>“{name}” không thể là tên mô hình: chỉ dùng chữ thường, chữ số, dấu chấm và dấu gạch nối.</translation>
    </message>
    <message>
        <source>{name} is here already: {folder}</source>
        <translation>{name} đã có ở đây: {folder}</translation>
    </message>
    <message>
        <source>{path} does not describe a checkpoint: {reason}</source>
        <translation>{path} không mô tả một mô hình: {reason}</translation>
    </message>
    <message>
        <source>{path} does not describe an OpenCLIP model: {reason}</source>
        <translation>{path} không mô tả một mô hình OpenCLIP: {reason}</translation>
    </message>
    <message>
        <source>{path} does not fit this encoder: {reason}</source>
        <translation>{path} không hợp với bộ mã hoá này: {reason}</translation>
    </message>
    <message>
        <source>{path} holds the weights of another network.</source>
        <translation>{path} chứa trọng số của một mạng khác.</translation>
    </message>
    <message>
        <source>The checkpoint {name} names no tokenizer.</source>
        <translation>Mô hình {name} không nêu bộ tách từ.</translation>
    </message>
    <message>
        <source>The checkpoint {name} has the unknown architecture {architecture}.</source>
        <translation>Mô hình {name} có kiến trúc lạ {architecture}.</translation>
    </message>
    <message>
        <source>The checkpoint {name} should take images of {side} pixels and give {dimension} numbers; its network takes {found_side} and gives {found_dimension}.</source>
        <translation>Mô hình {name} phải nhận ảnh {side} điểm ảnh và cho {dimension} số; mạng của nó nhận {found_side} và cho {found_dimension}.</translation>
    </message>
    <message>
        <source>The description {path} cannot be read: {reason}.</source>
        <translation>Không đọc được bản mô tả {path}: {reason}.</translation>
    </message>
    <message>
        <source>The description {path} is not a table of sizes.</source>
        <translation>Bản mô tả {path} không phải bảng kích thước.</translation>
    </message>
    <message>
        <source>The description of a BEiT3 network is wrong: {reason}.</source>
        <translation>Bản mô tả mạng BEiT3 bị sai: {reason}.</translation>
    </message>
    <message>
        <source>A BEiT3 network cannot have {name} {value}.</source>
        <translation>Mạng BEiT3 không thể có {name} {value}.</translation>
    </message>
    <message>
        <source>A position table of shape {shape} is not that of a square image.</source>
        <translation>Bảng vị trí cỡ {shape} không phải của ảnh vuông.</translation>
    </message>
    <message>
        <source>BEiT3 comes as base and large, not as “{architecture}”.</source>
        <translation>BEiT3 có bản base và large, không có “{architecture}”.</translation>
    </message>
    <message>
        <source>open_clip knows no architecture “{architecture}”.</source>
        <translation>open_clip không biết kiến trúc “{architecture}”.</translation>
    </message>
    <message>
        <source>open_clip knows no weights “{architecture}:{tag}”.</source>
        <translation>open_clip không biết trọng số “{architecture}:{tag}”.</translation>
    </message>
    <message>
        <source>The OpenCLIP architecture “{architecture}” cannot be built: {reason}</source>
        <translation>Không dựng được kiến trúc OpenCLIP “{architecture}”: {reason}</translation>
    </message>
    <message>
        <source>The tokenizer of “{architecture}” is not at hand: {reason}</source>
        <translation>Không có sẵn bộ tách từ của “{architecture}”: {reason}</translation>
    </message>
    <message>
        <source>The tokenizer of {name} has {found} tokens; its network knows {known}.</source>
        <translation>Bộ tách từ của {name} có {found} đơn vị; mạng của nó biết {known}.</translation>
    </message>
    <message>
        <source>The tokenizer {path} has {found} tokens; the network knows {known}.</source>
        <translation>Bộ tách từ {path} có {found} đơn vị; mạng biết {known}.</translation>
    </message>
    <message>
        <source>The tokenizer {path} is damaged or not the one expected.</source>
        <translation>Bộ tách từ {path} bị hỏng hoặc không đúng bản cần dùng.</translation>
    </message>
    <message>
        <source>The tokenizer {path} is empty.</source>
        <translation>Bộ tách từ {path} trống.</translation>
    </message>
    <message>
        <source>The tokenizer {path} is no SentencePiece model.</source>
        <translation>Bộ tách từ {path} không phải mô hình SentencePiece.</translation>
    </message>
    <message>
        <source>The tokenizer {path} cannot be read: {reason}.</source>
        <translation>Không đọc được bộ tách từ {path}: {reason}.</translation>
    </message>
    <message>
        <source>The tokenizer {path} numbers its special pieces {found}, not {known}.</source>
        <translation>Bộ tách từ {path} đánh số các đơn vị đặc biệt là {found}, không phải {known}.</translation>
    </message>
    <message>
        <source>The tokenizer {path} holds {found} pieces where {wanted} are needed; it may be cut short.</source>
        <translation>Bộ tách từ {path} có {found} đơn vị trong khi cần {wanted}; có thể tệp không trọn vẹn.</translation>
    </message>
    <message>
        <source>The file {path} is no weights file: its name ends in neither .safetensors nor {others}.</source>
        <translation>{path} không phải tệp trọng số: tên không kết thúc bằng .safetensors hay {others}.</translation>
    </message>
    <message>
        <source>The file {path} holds no weights: it is not a table of tensors.</source>
        <translation>Tệp {path} không chứa trọng số: đó không phải bảng tensor.</translation>
    </message>
    <message>
        <source>The weights file {path} does not exist.</source>
        <translation>Không có tệp trọng số {path}.</translation>
    </message>
    <message>
        <source>The weights file {path} does not fit: {reason}.</source>
        <translation>Tệp trọng số {path} không khớp: {reason}.</translation>
    </message>
    <message>
        <source>The weights file {path} is damaged or holds Python objects besides weights; it was not opened.</source>
        <translation>Tệp trọng số {path} bị hỏng hoặc chứa đối tượng Python ngoài trọng số; nó không được mở.</translation>
    </message>
    <message>
        <source>The weights file {path} is damaged or incomplete, or memory ran out over it.</source>
        <translation>Tệp trọng số {path} bị hỏng hoặc thiếu, hoặc hết bộ nhớ khi đọc nó.</translation>
    </message>
    <message>
        <source>The weights file {path} cannot be read: {reason}.</source>
        <translation>Không đọc được tệp trọng số {path}: {reason}.</translation>
    </message>
    <message>
        <source>The weights file {path} cannot be written: {reason}.</source>
        <translation>Không ghi được tệp trọng số {path}: {reason}.</translation>
    </message>
    <message>
        <source>OpenRAIL, of which kind its authors do not say</source>
        <translation>OpenRAIL, tác giả không nói rõ loại nào</translation>
    </message>
    <message>
        <source>see its source</source>
        <translation>xem trang gốc của mô hình</translation>
    </message>
    <message>
        <source>weights as the photos they were trained on: see README.md</source>
        <translation>như của các ảnh dùng để huấn luyện: xem README.md</translation>
    </message>
    <message>
        <source>{name} needs {needed} MiB of memory; {there} can be given to it.</source>
        <translation>{name} cần {needed} MiB bộ nhớ; có thể dành cho nó {there}.</translation>
    </message>
    <message>
        <source>{name} needs {needed} MiB of the graphics card&apos;s memory; {there} can be given to it.</source>
        <translation>{name} cần {needed} MiB bộ nhớ của card đồ hoạ; có thể dành cho nó {there}.</translation>
    </message>
    <message>
        <source>{name} needs {needed} MiB on the disk; {free} are free.</source>
        <translation>{name} cần {needed} MiB trên đĩa; còn trống {free}.</translation>
    </message>
    <message>
        <source>{name} finds photos with Vietnamese and English sentences.</source>
        <translation>{name} tìm ảnh bằng câu tiếng Việt và tiếng Anh.</translation>
    </message>
    <message>
        <source>{name} is thorough, and the graphics part is quick.</source>
        <translation>{name} tìm kỹ, và phần đồ hoạ của máy chạy nhanh.</translation>
    </message>
    <message>
        <source>{name} is the quickest that reads Vietnamese, for a machine with few processor cores.</source>
        <translation>{name} là mô hình nhanh nhất đọc được tiếng Việt, hợp với máy ít nhân xử lý.</translation>
    </message>
    <message>
        <source>The starter checkpoint of OpenCLIP suits this machine. {reason}</source>
        <translation>Mô hình khởi đầu của OpenCLIP hợp với máy này. {reason}</translation>
    </message>
    <message>
        <source>The starter checkpoint of BEiT3 suits this machine. {reason}</source>
        <translation>Mô hình khởi đầu của BEiT3 hợp với máy này. {reason}</translation>
    </message>
    <message>
        <source>The starter checkpoint of BEiT3 suits this machine.</source>
        <translation>Mô hình khởi đầu của BEiT3 hợp với máy này.</translation>
    </message>
    <message>
        <source>Larger ones read English only.</source>
        <translation>Các mô hình lớn hơn chỉ đọc được tiếng Anh.</translation>
    </message>
    <message>
        <source>{sentence} Larger ones read English only.</source>
        <translation>{sentence} Các mô hình lớn hơn chỉ đọc được tiếng Anh.</translation>
    </message>
    <message>
        <source>{name} reads English only: Vietnamese queries are translated for it.</source>
        <translation>{name} chỉ đọc được tiếng Anh: câu tìm tiếng Việt được dịch cho nó.</translation>
    </message>
    <message>
        <source>{name} puts the right photo first for {percent} % of the {language} captions of {data}.</source>
        <translation>{name} xếp đúng ảnh ở vị trí đầu với {percent} % số câu {language} của {data}.</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>tiếng Việt</translation>
    </message>
    <message>
        <source>English</source>
        <translation>tiếng Anh</translation>
    </message>
    <message>
        <source>How well {name} does in Vietnamese alone is not known here.</source>
        <translation>Chưa có số liệu riêng về tiếng Việt của {name}.</translation>
    </message>
    <message>
        <source>Embedding 1,000 photos takes about {minutes} min, by estimate.</source>
        <translation>Ước tính mã hoá 1.000 ảnh mất khoảng {minutes} phút.</translation>
    </message>
    <message>
        <source>There is no disk that {folder} could lie on.</source>
        <translation>Không có ổ đĩa nào chứa được {folder}.</translation>
    </message>
    <message>
        <source>{name} does not know Vietnamese, and there is no translator: it is not asked with this text.</source>
        <translation>{name} không biết tiếng Việt và chưa có bộ dịch: mô hình này không được hỏi bằng câu này.</translation>
    </message>
    <message>
        <source>{name} does not know Vietnamese, and the text could not be translated: it is not asked. {reason}</source>
        <translation>{name} không biết tiếng Việt và không dịch được câu này nên không được hỏi. {reason}</translation>
    </message>
    <message>
        <source>No encoder can be asked. {reason}</source>
        <translation>Không có mô hình nào xử lý được câu này. {reason}</translation>
    </message>
    <message>
        <source>The translator has no words for “{text}”.</source>
        <translation>Bộ dịch không dịch được “{text}”.</translation>
    </message>
    <message>
        <source>There is no translator on this machine.</source>
        <translation>Máy này chưa có bộ dịch.</translation>
    </message>
    <message>
        <source>The model process dies whenever a text is translated.</source>
        <translation>Tiến trình mô hình bị dừng mỗi khi dịch một câu.</translation>
    </message>
    <message>
        <source>The translator {name} cannot be loaded: {reason}.</source>
        <translation>Không nạp được bộ dịch {name}: {reason}.</translation>
    </message>
    <message>
        <source>The translator&apos;s weights do not fit: {tensor} is missing.</source>
        <translation>Trọng số bộ dịch không khớp: thiếu {tensor}.</translation>
    </message>
    <message>
        <source>The translator&apos;s weights do not fit: {tensor} has no place in this network.</source>
        <translation>Trọng số bộ dịch không khớp: thừa {tensor}.</translation>
    </message>
    <message>
        <source>The translator&apos;s vocabulary has {pieces} pieces where its network has {rows}.</source>
        <translation>Từ vựng của bộ dịch có {pieces} mảnh, mạng có {rows}.</translation>
    </message>
    <message>
        <source>{folder} holds no translator that is known: {reason}</source>
        <translation>{folder} không chứa bộ dịch nào được biết: {reason}</translation>
    </message>
    <message>
        <source>{path} is no vocabulary that ends in &lt;pad&gt;.</source>
        <translation>{path} không phải từ vựng kết thúc bằng &lt;pad&gt;.</translation>
    </message>
    <message>
        <source>{path} does not describe a translator: {reason}</source>
        <translation>{path} không mô tả bộ dịch nào: {reason}</translation>
    </message>
    <message>
        <source>{url} cannot be fetched: {reason}.</source>
        <translation>Không tải được {url}: {reason}.</translation>
    </message>
    <message>
        <source>{host} refuses the connection: try again later.</source>
        <translation>{host} từ chối kết nối: hãy thử lại sau.</translation>
    </message>
    <message>
        <source>{host} is not found: check the connection to the internet.</source>
        <translation>Không tìm thấy {host}: hãy kiểm tra kết nối mạng.</translation>
    </message>
    <message>
        <source>{host} does not answer: check the connection to the internet, or try later.</source>
        <translation>{host} không trả lời: hãy kiểm tra mạng hoặc thử lại sau.</translation>
    </message>
    <message>
        <source>{host} cannot be reached: check the connection to the internet.</source>
        <translation>Không kết nối được tới {host}: hãy kiểm tra kết nối mạng.</translation>
    </message>
    <message>
        <source>{host} broke off the connection: try again later.</source>
        <translation>{host} đã ngắt kết nối: hãy thử lại sau.</translation>
    </message>
    <message>
        <source>{host} broke off the connection after {done} of {total} bytes. What has arrived is kept; download again to go on from there.</source>
        <translation>{host} ngắt kết nối sau {done} trên {total} byte. Phần đã tải được giữ lại; hãy tải lại để tiếp tục.</translation>
    </message>
    <message>
        <source>{host} broke off the connection after {done} bytes. What has arrived is kept; download again to go on from there.</source>
        <translation>{host} ngắt kết nối sau {done} byte. Phần đã tải được giữ lại; hãy tải lại để tiếp tục.</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted ({reason}). Check the date of this machine; a company&apos;s own certificate has to be in its system.</source>
        <translation>Chứng chỉ của {host} không đáng tin ({reason}). Hãy kiểm tra ngày giờ của máy; chứng chỉ riêng của công ty phải có trong hệ thống.</translation>
    </message>
    <message>
        <source>No secure connection to {host} can be made ({reason}); an antivirus program or the network may be in between.</source>
        <translation>Không tạo được kết nối an toàn tới {host} ({reason}); có thể phần mềm diệt virus hoặc mạng chen vào giữa.</translation>
    </message>
    <message>
        <source>The proxy {proxy} cannot be used ({reason}): check the network settings.</source>
        <translation>Không dùng được proxy {proxy} ({reason}): hãy kiểm tra cài đặt mạng.</translation>
    </message>
    <message>
        <source>The proxy {proxy} wants a user name and a password: check the network settings.</source>
        <translation>Proxy {proxy} đòi tên và mật khẩu: hãy kiểm tra cài đặt mạng.</translation>
    </message>
    <message>
        <source>{host} has too much to do (it answered {code}): try again later.</source>
        <translation>{host} đang quá tải (trả lời {code}): hãy thử lại sau.</translation>
    </message>
    <message>
        <source>{host} has too much to do (it answered {code}): try again in {minutes} minutes.</source>
        <translation>{host} đang quá tải (trả lời {code}): hãy thử lại sau {minutes} phút.</translation>
    </message>
    <message>
        <source>{host} does not let everyone fetch {url} (it answered {code}).</source>
        <translation>{host} không cho mọi người tải {url} (trả lời {code}).</translation>
    </message>
    <message>
        <source>{url} is not there any more (it answered {code}). Update Ảnh Ơi.</source>
        <translation>{url} không còn nữa (trả lời {code}). Hãy cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{url} could not be fetched: the server answered {code}.</source>
        <translation>Không tải được {url}: máy chủ trả lời {code}.</translation>
    </message>
    <message>
        <source>{repository} is only for those who accept its terms: do so on {hub}/{page}, set HF_TOKEN to your token, and download again.</source>
        <translation>{repository} chỉ dành cho người chấp nhận điều khoản: hãy chấp nhận ở {hub}/{page}, đặt HF_TOKEN rồi tải lại.</translation>
    </message>
    <message>
        <source>{repository} is not on the hub, or not for everyone: if you may see it, set HF_TOKEN to your token, and download again.</source>
        <translation>{repository} không có trên kho Hugging Face hoặc không công khai: nếu bạn được xem, hãy đặt HF_TOKEN rồi tải lại.</translation>
    </message>
    <message>
        <source>The hub does not accept your token (HF_TOKEN, or what “hf auth login” has kept): correct or remove it, and download again.</source>
        <translation>Kho Hugging Face không nhận mã truy cập của bạn (HF_TOKEN, hoặc mã mà “hf auth login” đã lưu): hãy sửa hoặc bỏ mã đó rồi tải lại.</translation>
    </message>
    <message>
        <source>{name} arrived empty: try again later, or update Ảnh Ơi.</source>
        <translation>{name} tải về rỗng: hãy thử lại sau hoặc cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{repository} holds no file {path}: update Ảnh Ơi.</source>
        <translation>{repository} không có tệp {path}: hãy cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{repository} has no revision {revision}: update Ảnh Ơi.</source>
        <translation>{repository} không có phiên bản {revision}: hãy cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{path} of {repository} is not in the Hugging Face cache, and HF_HUB_OFFLINE forbids to fetch it: unset it and download again.</source>
        <translation>{path} của {repository} không có trong bộ nhớ đệm Hugging Face và HF_HUB_OFFLINE cấm tải: hãy bỏ biến này rồi tải lại.</translation>
    </message>
    <message>
        <source>“{repository}” is no name of the Hugging Face hub.</source>
        <translation>“{repository}” không phải tên trên Hugging Face.</translation>
    </message>
    <message>
        <source>{url} answered with a web page instead of the file: the network may want a login. Open a browser, log in, and download again.</source>
        <translation>{url} trả về trang web thay vì tệp: mạng có thể đòi đăng nhập. Hãy mở trình duyệt, đăng nhập rồi tải lại.</translation>
    </message>
    <message>
        <source>{url} offers {told} bytes where {size} are expected: it is another file by now. Update Ảnh Ơi.</source>
        <translation>{url} có {told} byte thay vì {size}: nay là tệp khác. Hãy cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{url} sent more than the {size} bytes that are expected; they were deleted. Update Ảnh Ơi.</source>
        <translation>{url} gửi nhiều hơn {size} byte; đã xoá. Hãy cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>What came from {url} is damaged or another file (its SHA-256 is not the expected one); it was deleted. Try again later, or update Ảnh Ơi.</source>
        <translation>Tệp từ {url} hỏng hoặc là tệp khác (sai SHA-256); đã xoá. Hãy thử lại sau hoặc cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{url} is another file by now (its SHA-256 says so). Update Ảnh Ơi.</source>
        <translation>{url} nay là tệp khác (theo SHA-256). Hãy cập nhật Ảnh Ơi.</translation>
    </message>
    <message>
        <source>{url} sends the file in another form ({form}) than the one asked for.</source>
        <translation>{url} gửi tệp ở dạng khác ({form}) với dạng được yêu cầu.</translation>
    </message>
    <message>
        <source>{host} sends another part than the one asked for.</source>
        <translation>{host} gửi sai phần được yêu cầu.</translation>
    </message>
    <message>
        <source>{url} leads from address to address without end.</source>
        <translation>{url} chuyển hướng mãi không dừng.</translation>
    </message>
    <message>
        <source>{first} Another address was tried as well: {second}</source>
        <translation>{first} Đã thử cả địa chỉ khác: {second}</translation>
    </message>
    <message>
        <source>{needed} MiB are needed in {folder}, {free} are free: make room and download again.</source>
        <translation>Cần {needed} MiB trong {folder}, còn trống {free}: hãy giải phóng chỗ rồi tải lại.</translation>
    </message>
    <message>
        <source>The disk is full: {path} could not be written to its end. What has arrived is kept; make room and download again to go on from there.</source>
        <translation>Đĩa đầy: chưa ghi xong {path}. Phần đã tải được giữ lại; hãy giải phóng chỗ rồi tải tiếp.</translation>
    </message>
    <message>
        <source>The disk cannot hold a file as large as {path}; keep checkpoints on another one.</source>
        <translation>Đĩa không chứa được tệp lớn như {path}; hãy để mô hình trên đĩa khác.</translation>
    </message>
    <message>
        <source>{name} is being downloaded by another Ảnh Ơi; wait for it or close it.</source>
        <translation>{name} đang được một Ảnh Ơi khác tải; hãy chờ hoặc đóng nó.</translation>
    </message>
    <message>
        <source>There is no file or folder {path}.</source>
        <translation>Không có tệp hay thư mục {path}.</translation>
    </message>
    <message>
        <source>{name} is not in {folder}: copy it there, or download it.</source>
        <translation>{name} không có trong {folder}: hãy chép vào đó hoặc tải về.</translation>
    </message>
    <message>
        <source>{path} is not the file that is wanted: it holds no weights, or is cut short.</source>
        <translation>{path} không phải tệp cần: không chứa trọng số hoặc bị cắt cụt.</translation>
    </message>
    <message>
        <source>{path} is not the file that is wanted: its SHA-256 is not the expected one.</source>
        <translation>{path} không phải tệp cần: sai SHA-256.</translation>
    </message>
    <message>
        <source>{path} is not the file that is wanted: it has {found} bytes where {size} are expected.</source>
        <translation>{path} không phải tệp cần: có {found} byte thay vì {size}.</translation>
    </message>
    <message>
        <source>“{name}” cannot be downloaded. Known are: {names}.</source>
        <translation>Không tải được “{name}”. Có thể tải: {names}.</translation>
    </message>
    <message>
        <source>{name} is missing from {folder} and cannot be downloaded.</source>
        <translation>Thiếu {name} trong {folder} và không tải được.</translation>
    </message>
    <message>
        <source>{url} cannot be fetched: only http and https addresses can.</source>
        <translation>Không tải được {url}: chỉ nhận địa chỉ http và https.</translation>
    </message>
    <message>
        <source>{url} could not be fetched: {reason}.</source>
        <translation>Không tải được {url}: {reason}.</translation>
    </message>
    <message>
        <source>{url} could not be fetched: {reason}</source>
        <translation>Không tải được {url}: {reason}</translation>
    </message>
    <message>
        <source>{url} leads to {other_url}, which is not safe to fetch.</source>
        <translation>{url} dẫn tới {other_url}, nơi không an toàn để tải.</translation>
    </message>
    <message>
        <source>{url} does not say how long it is, so it may arrive cut short.</source>
        <translation>{url} không cho biết độ dài, nên có thể tải về không trọn vẹn.</translation>
    </message>
    <message>
        <source>{url} broke off: {done} of {total} bytes arrived.</source>
        <translation>{url} bị ngắt: mới nhận {done} trong {total} byte.</translation>
    </message>
    <message>
        <source>{needed} MiB are needed in {folder}, {free} are free.</source>
        <translation>Cần {needed} MiB trong {folder}, chỉ còn trống {free}.</translation>
    </message>
    <message>
        <source>the server cannot be reached ({reason})</source>
        <translation>không kết nối được máy chủ ({reason})</translation>
    </message>
    <message>
        <source>the server answered {answer}</source>
        <translation>máy chủ trả lời {answer}</translation>
    </message>
    <message>
        <source>{address} does not tell of new versions: {reason}.</source>
        <translation>{address} không cho biết phiên bản mới: {reason}.</translation>
    </message>
    <message>
        <source>The project has no page yet that tells of new versions.</source>
        <translation>Dự án chưa có trang thông báo phiên bản mới.</translation>
    </message>
    <message>
        <source>What {address} tells of new versions cannot be understood.</source>
        <translation>Không hiểu được thông tin phiên bản mới ở {address}.</translation>
    </message>
    <message>
        <source>{path} has {found} bytes where {wanted} are expected; it did not arrive whole.</source>
        <translation>{path} có {found} byte trong khi cần {wanted}; tệp chưa tải về trọn vẹn.</translation>
    </message>
    <message>
        <source>{path} is damaged: its SHA-256 is not the expected one.</source>
        <translation>{path} bị hỏng: SHA-256 không đúng.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>Không đọc được {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}</source>
        <translation>Không đọc được {path}: {reason}</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>Không ghi được {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be written to: {reason}.</source>
        <translation>Không ghi được vào {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be made: {reason}.</source>
        <translation>Không tạo được {path}: {reason}.</translation>
    </message>
    <message>
        <source>{path}: {reason}</source>
        <translation>{path}: {reason}</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>không có quyền truy cập</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>không có tệp hoặc thư mục này</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>không phải thư mục</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>là một thư mục</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>đĩa đã đầy</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>đĩa chỉ cho đọc</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>lỗi vào/ra</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>quá nhiều tệp đang mở</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>tên tệp quá dài</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>kết nối bị từ chối</translation>
    </message>
    <message>
        <source>timed out</source>
        <translation>quá thời gian chờ</translation>
    </message>
</context>
<context>
    <name>Evaluation</name>
    <message>
        <source>Finding photos: {count}</source>
        <translation>Đang tìm ảnh: {count}</translation>
    </message>
    <message>
        <source>All photos are embedded</source>
        <translation>Mọi ảnh đã được lập chỉ mục</translation>
    </message>
    <message>
        <source>Embedding photos: {done} of {total}</source>
        <translation>Đang lập chỉ mục ảnh: {done} / {total}</translation>
    </message>
    <message>
        <source>Encoding the queries</source>
        <translation>Đang mã hoá các câu tìm</translation>
    </message>
    <message>
        <source>Ranking the photos</source>
        <translation>Đang xếp hạng ảnh</translation>
    </message>
    <message>
        <source>Summing up</source>
        <translation>Đang tổng kết</translation>
    </message>
    <message>
        <source>Fused</source>
        <translation>Kết hợp</translation>
    </message>
    <message>
        <source>Mean rank</source>
        <translation>Hạng trung bình</translation>
    </message>
    <message>
        <source>Median rank</source>
        <translation>Hạng trung vị</translation>
    </message>
    <message>
        <source>Raw cosine</source>
        <translation>Cosine gốc</translation>
    </message>
    <message>
        <source>z-score</source>
        <translation>z-score</translation>
    </message>
    <message>
        <source>Min-max</source>
        <translation>Min-max</translation>
    </message>
</context>
<context>
    <name>EvaluationPanel</name>
    <message>
        <source>Opening the library</source>
        <translation>Đang mở thư viện</translation>
    </message>
    <message>
        <source>The evaluation was cancelled.</source>
        <translation>Đã huỷ đánh giá.</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Đánh giá</translation>
    </message>
</context>
<context>
    <name>ExportButton</name>
    <message>
        <source>Export</source>
        <translation>Xuất</translation>
    </message>
    <message>
        <source>Figures as CSV…</source>
        <translation>Số liệu dạng CSV…</translation>
    </message>
    <message>
        <source>All results as JSON…</source>
        <translation>Mọi kết quả dạng JSON…</translation>
    </message>
    <message>
        <source>Picture of the chart…</source>
        <translation>Hình biểu đồ…</translation>
    </message>
    <message>
        <source>evaluation</source>
        <translation>danh-gia</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Đã lưu thành {path}.</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>Copy photos to a folder</source>
        <translation>Sao chép ảnh vào thư mục</translation>
    </message>
    <message>
        <source>Copy here</source>
        <translation>Chép vào đây</translation>
    </message>
    <message>
        <source>Photos are being copied already; wait for them or cancel.</source>
        <translation>Đang sao chép ảnh; hãy chờ xong hoặc huỷ.</translation>
    </message>
    <message>
        <source>Copying was cancelled.</source>
        <translation>Đã huỷ sao chép.</translation>
    </message>
    <message>
        <source>Copying photos</source>
        <translation>Đang sao chép ảnh</translation>
    </message>
    <message>
        <source>Copying to {folder}</source>
        <translation>Đang sao chép vào {folder}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied to {folder}.</source>
        <translation>
            <numerusform>Đã sao chép %n ảnh vào {folder}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be read: gone, or not permitted.</source>
        <translation>
            <numerusform>Không đọc được %n ảnh: đã mất hoặc không có quyền.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FactSheet</name>
    <message>
        <source>Folder</source>
        <translation>Thư mục</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Yêu thích</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Lưu ý</translation>
    </message>
    <message>
        <source>Date taken</source>
        <translation>Ngày chụp</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Kích thước</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Máy ảnh</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Phơi sáng</translation>
    </message>
    <message>
        <source>Its drive or folder is not connected.</source>
        <translation>Ổ đĩa hoặc thư mục của ảnh chưa được kết nối.</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>Tệp không còn ở đó.</translation>
    </message>
</context>
<context>
    <name>FailureModel</name>
    <message>
        <source>Failed query</source>
        <translation>Câu tìm thất bại</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Hạng</translation>
    </message>
</context>
<context>
    <name>FailureView</name>
    <message>
        <source>The right photo</source>
        <translation>Ảnh đúng</translation>
    </message>
    <message>
        <source>Ranked first</source>
        <translation>Các ảnh xếp đầu</translation>
    </message>
    <message>
        <source>{failed} of {queries} queries have no right photo among the first ten</source>
        <translation>{failed} trong {queries} câu tìm không có ảnh đúng trong mười ảnh đầu</translation>
    </message>
    <message>
        <source>Failed queries</source>
        <translation>Các câu tìm thất bại</translation>
    </message>
    <message>
        <source>Rank {rank}</source>
        <translation>Hạng {rank}</translation>
    </message>
</context>
<context>
    <name>FigureCell</name>
    <message>
        <source>{name}: {value}, with 95 % certainty {low} to {high}</source>
        <translation>{name}: {value}, tin cậy 95 % từ {low} đến {high}</translation>
    </message>
</context>
<context>
    <name>FiguresCard</name>
    <message>
        <source>Text → photo</source>
        <translation>Văn bản → ảnh</translation>
    </message>
    <message>
        <source>Photo → text</source>
        <translation>Ảnh → văn bản</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Chiều</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) left out: {names}</source>
        <translation>
            <numerusform>Bỏ qua %Ln ảnh: {names}</numerusform>
        </translation>
    </message>
    <message>
        <source>{queries} queries among {photos} photos, fused by {fusion}</source>
        <translation>{queries} câu tìm trong {photos} ảnh, kết hợp bằng {fusion}</translation>
    </message>
    <message>
        <source>{asked} photos among {queries} texts, fused by {fusion}</source>
        <translation>{asked} ảnh trong {queries} văn bản, kết hợp bằng {fusion}</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>So sánh</translation>
    </message>
</context>
<context>
    <name>FolderPanel</name>
    <message>
        <source>Show only this folder</source>
        <translation>Chỉ hiện thư mục này</translation>
    </message>
    <message>
        <source>Look through again</source>
        <translation>Quét lại</translation>
    </message>
    <message>
        <source>Open in the file manager</source>
        <translation>Mở trong trình quản lý tệp</translation>
    </message>
    <message>
        <source>Remove from the library…</source>
        <translation>Bỏ khỏi thư viện…</translation>
    </message>
    <message>
        <source>Show the problems</source>
        <translation>Xem các lỗi</translation>
    </message>
    <message>
        <source>Confirm what is missing…</source>
        <translation>Xác nhận ảnh bị thiếu…</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Thư mục</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Thêm thư mục…</translation>
    </message>
    <message>
        <source>or drop it into the window</source>
        <translation>hoặc kéo thả vào cửa sổ</translation>
    </message>
    <message>
        <source>Remove “{name}” from the library?</source>
        <translation>Bỏ “{name}” khỏi thư viện?</translation>
    </message>
    <message>
        <source>Your photos stay where they are; no file is touched. Favourites and marks of this folder are forgotten, and searching for its photos again means indexing it again.</source>
        <translation>Ảnh của bạn vẫn ở nguyên chỗ cũ; không tệp nào bị đụng tới. Các ảnh yêu thích và đánh dấu trong thư mục này sẽ mất, và muốn tìm lại ảnh trong đó thì phải lập chỉ mục lại.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Bỏ</translation>
    </message>
    <message>
        <source>Are the missing photos of “{name}” gone?</source>
        <translation>Các ảnh bị thiếu của “{name}” đã mất hẳn phải không?</translation>
    </message>
    <message>
        <source>So many photos have vanished at once that the disk may only be unplugged. If you have moved or deleted them, the library forgets them; otherwise bring the disk back.</source>
        <translation>Quá nhiều ảnh biến mất cùng lúc, có thể chỉ vì ổ đĩa đã bị rút ra. Nếu bạn đã chuyển hoặc xoá chúng, thư viện sẽ bỏ chúng đi; nếu không, hãy cắm lại ổ đĩa.</translation>
    </message>
    <message>
        <source>They are gone</source>
        <translation>Đã mất hẳn</translation>
    </message>
</context>
<context>
    <name>FolderRows</name>
    <message>
        <source>All photos</source>
        <translation>Tất cả ảnh</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Yêu thích</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Thư mục</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) missing: confirm…</source>
        <translation>
            <numerusform>Thiếu %Ln ảnh: xác nhận…</numerusform>
        </translation>
    </message>
    <message>
        <source>Off-line</source>
        <translation>Ngoại tuyến</translation>
    </message>
    <message>
        <source>Looking for photos: {found}</source>
        <translation>Đang tìm ảnh: {found}</translation>
    </message>
    <message>
        <source>Watched</source>
        <translation>Đang theo dõi</translation>
    </message>
    <message>
        <source>Not watched</source>
        <translation>Không theo dõi</translation>
    </message>
    <message numerus="yes">
        <source>%Ln problem(s)</source>
        <translation>
            <numerusform>%Ln lỗi</numerusform>
        </translation>
    </message>
    <message>
        <source>Indexing {done} of {total}</source>
        <translation>Đang lập chỉ mục {done} / {total}</translation>
    </message>
    <message>
        <source>Paused at {done} of {total}</source>
        <translation>Tạm dừng ở {done} / {total}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) waiting</source>
        <translation>
            <numerusform>%Ln ảnh đang chờ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln ảnh</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FusionBar</name>
    <message>
        <source>Both</source>
        <translation>Cả hai</translation>
    </message>
    <message>
        <source>How scores are made comparable</source>
        <translation>Cách đưa điểm về cùng thang</translation>
    </message>
    <message>
        <source>By relevance</source>
        <translation>Theo độ khớp</translation>
    </message>
    <message>
        <source>By date</source>
        <translation>Theo ngày</translation>
    </message>
    <message>
        <source>Order of the results</source>
        <translation>Thứ tự kết quả</translation>
    </message>
    <message>
        <source>Smaller photos</source>
        <translation>Ảnh nhỏ hơn</translation>
    </message>
    <message>
        <source>Larger photos</source>
        <translation>Ảnh lớn hơn</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>Về mặc định</translation>
    </message>
    <message>
        <source>z-score</source>
        <translation>z-score</translation>
    </message>
    <message>
        <source>By how far they stand out of all photos</source>
        <translation>Theo mức nổi bật so với mọi ảnh</translation>
    </message>
    <message>
        <source>Min-max</source>
        <translation>Min-max</translation>
    </message>
    <message>
        <source>Between the worst and the best photo</source>
        <translation>Giữa ảnh kém nhất và ảnh tốt nhất</translation>
    </message>
    <message>
        <source>Raw cosine</source>
        <translation>Cosine gốc</translation>
    </message>
    <message>
        <source>As the encoders give them</source>
        <translation>Giữ nguyên như bộ mã hoá đưa ra</translation>
    </message>
    <message>
        <source>Ranks (RRF)</source>
        <translation>Thứ hạng (RRF)</translation>
    </message>
    <message>
        <source>By the places in the two rankings alone</source>
        <translation>Chỉ theo vị trí trong hai bảng xếp hạng</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>Cỡ ảnh</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>General</source>
        <translation>Chung</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Theo hệ thống</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Sáng</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Tối</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Tương phản cao</translation>
    </message>
    <message>
        <source>Start Ảnh Ơi when I log in</source>
        <translation>Mở Ảnh Ơi khi tôi đăng nhập</translation>
    </message>
    <message>
        <source>Go on in the tray when the window is closed</source>
        <translation>Tiếp tục chạy ở khay hệ thống khi đóng cửa sổ</translation>
    </message>
    <message>
        <source>Look for new versions once a day</source>
        <translation>Tìm phiên bản mới mỗi ngày một lần</translation>
    </message>
    <message>
        <source>Look for one now</source>
        <translation>Tìm ngay</translation>
    </message>
    <message>
        <source> s a photo</source>
        <translation> giây mỗi ảnh</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Ngôn ngữ</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Giao diện</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Trình chiếu</translation>
    </message>
    <message>
        <source>New and changed photos are then noticed and made searchable at once.</source>
        <translation>Khi đó ảnh mới và ảnh thay đổi được nhận ra và tìm được ngay.</translation>
    </message>
    <message>
        <source>Asks the project&apos;s page for one file, and tells it this version&apos;s number.</source>
        <translation>Chỉ hỏi trang của dự án một tệp và cho biết số phiên bản này.</translation>
    </message>
    <message>
        <source>The project has no page yet that tells of new versions.</source>
        <translation>Dự án chưa có trang thông báo phiên bản mới.</translation>
    </message>
    <message>
        <source>Looking for a new version…</source>
        <translation>Đang tìm phiên bản mới…</translation>
    </message>
</context>
<context>
    <name>IndexingPage</name>
    <message>
        <source>Indexing</source>
        <translation>Lập chỉ mục</translation>
    </message>
    <message>
        <source>The fastest without a loss</source>
        <translation>Nhanh nhất mà không giảm chất lượng</translation>
    </message>
    <message>
        <source>Always full (float32)</source>
        <translation>Luôn đầy đủ (float32)</translation>
    </message>
    <message>
        <source>Also look into hidden folders and files</source>
        <translation>Quét cả thư mục và tệp ẩn</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Thêm…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Bỏ</translation>
    </message>
    <message>
        <source>Graphics of the Apple chip</source>
        <translation>Đồ hoạ của chip Apple</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>Card đồ hoạ (CUDA)</translation>
    </message>
    <message>
        <source>The best there is</source>
        <translation>Tốt nhất hiện có</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Bộ xử lý (CPU)</translation>
    </message>
    <message>
        <source>Share of the machine</source>
        <translation>Mức dùng máy</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Thiết bị</translation>
    </message>
    <message>
        <source>Full precision is slower and changes results hardly ever.</source>
        <translation>Độ chính xác đầy đủ chậm hơn và hầu như không làm thay đổi kết quả.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Độ chính xác số</translation>
    </message>
    <message>
        <source>Folders left out</source>
        <translation>Thư mục bỏ qua</translation>
    </message>
    <message>
        <source>Gentle</source>
        <translation>Nhẹ</translation>
    </message>
    <message>
        <source>Leaves a core free; slowest.</source>
        <translation>Chừa lại một nhân; chậm nhất.</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Bình thường</translation>
    </message>
    <message>
        <source>All cores, but other programs come first.</source>
        <translation>Mọi nhân, nhưng nhường chương trình khác.</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Tối đa</translation>
    </message>
    <message>
        <source>Fastest; other programs may feel it.</source>
        <translation>Nhanh nhất; chương trình khác có thể bị chậm.</translation>
    </message>
    <message>
        <source>Choose a folder to leave out</source>
        <translation>Chọn thư mục để bỏ qua</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Choose a folder of photos</source>
        <translation>Chọn thư mục ảnh</translation>
    </message>
    <message>
        <source>Neither a folder nor a photo: {names}</source>
        <translation>Không phải thư mục hay ảnh: {names}</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Ảnh</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) from outside the watched folders.</source>
        <translation>
            <numerusform>%n ảnh nằm ngoài các thư mục theo dõi.</numerusform>
        </translation>
    </message>
    <message>
        <source>Ảnh Ơi watches whole folders. What would you like to do?
{folders}</source>
        <translation>Ảnh Ơi theo dõi trọn thư mục. Bạn muốn làm gì?
{folders}</translation>
    </message>
    <message numerus="yes">
        <source>Add %n folder(s)</source>
        <translation>
            <numerusform>Thêm %n thư mục</numerusform>
        </translation>
    </message>
    <message>
        <source>Find photos like this</source>
        <translation>Tìm ảnh giống ảnh này</translation>
    </message>
</context>
<context>
    <name>LibraryMoving</name>
    <message>
        <source>{path} did not arrive whole; nothing was moved.</source>
        <translation>{path} không được chép trọn vẹn; chưa có gì được chuyển.</translation>
    </message>
    <message>
        <source>There is no library in {folder}.</source>
        <translation>Không có thư viện trong {folder}.</translation>
    </message>
    <message>
        <source>The library lies in {folder} already.</source>
        <translation>Thư viện đã nằm trong {folder}.</translation>
    </message>
    <message>
        <source>Choose a folder on {folder}, not the whole disk.</source>
        <translation>Hãy chọn một thư mục trên {folder}, không phải cả ổ đĩa.</translation>
    </message>
    <message>
        <source>{folder} is not an empty folder.</source>
        <translation>{folder} không phải thư mục trống.</translation>
    </message>
    <message>
        <source>{needed} are needed in {folder}, {free} are free.</source>
        <translation>Cần {needed} trong {folder}, chỉ còn trống {free}.</translation>
    </message>
    <message>
        <source>Another Ảnh Ơi is writing to the library in {folder}.</source>
        <translation>Một phiên Ảnh Ơi khác đang ghi vào thư viện trong {folder}.</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>Giấy phép</translation>
    </message>
    <message>
        <source>Ảnh Ơi {version}</source>
        <translation>Ảnh Ơi {version}</translation>
    </message>
    <message>
        <source>Apache License, Version 2.0</source>
        <translation>Giấy phép Apache, phiên bản 2.0</translation>
    </message>
    <message>
        <source>Ảnh Ơi</source>
        <translation>Ảnh Ơi</translation>
    </message>
    <message>
        <source>Works of others</source>
        <translation>Phần mềm của bên thứ ba</translation>
    </message>
    <message>
        <source>This copy runs from its sources, with libraries that were installed by pip; each has its licence in its own .dist-info folder. The packaged program shows all of them here.</source>
        <translation>Bản này chạy từ mã nguồn, với các thư viện do pip cài; giấy phép của mỗi thư viện nằm trong thư mục .dist-info của nó. Bản đóng gói hiện tất cả ở đây.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Ảnh Ơi</source>
        <translation>Ảnh Ơi</translation>
    </message>
    <message>
        <source>The library was damaged. It was set aside as {path}, and a new one begun.</source>
        <translation>Thư viện bị hỏng. Nó đã được cất riêng thành {path}, và một thư viện mới đã được tạo.</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Tệp</translation>
    </message>
    <message>
        <source>&amp;Photo</source>
        <translation>Ả&amp;nh</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>Tìm &amp;kiếm</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Xem</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>Trợ &amp;giúp</translation>
    </message>
    <message>
        <source>&amp;Add a folder…</source>
        <translation>&amp;Thêm thư mục…</translation>
    </message>
    <message>
        <source>&amp;Pause or resume indexing</source>
        <translation>Tạm &amp;dừng hoặc tiếp tục lập chỉ mục</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>&amp;Mô hình…</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>&amp;Cài đặt…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>T&amp;hoát</translation>
    </message>
    <message>
        <source>&amp;Search for…</source>
        <translation>&amp;Tìm…</translation>
    </message>
    <message>
        <source>Search with the copied &amp;picture</source>
        <translation>Tìm bằng &amp;hình đã sao chép</translation>
    </message>
    <message>
        <source>&amp;Clear the search</source>
        <translation>&amp;Xoá câu tìm</translation>
    </message>
    <message>
        <source>Rank by &amp;both encoders</source>
        <translation>Xếp hạng theo &amp;cả hai bộ mã hoá</translation>
    </message>
    <message>
        <source>Rank by &amp;OpenCLIP alone</source>
        <translation>Chỉ xếp hạng theo &amp;OpenCLIP</translation>
    </message>
    <message>
        <source>Rank by B&amp;EiT3 alone</source>
        <translation>Chỉ xếp hạng theo &amp;BEiT3</translation>
    </message>
    <message>
        <source>&amp;Photos</source>
        <translation>Ả&amp;nh</translation>
    </message>
    <message>
        <source>&amp;Evaluation</source>
        <translation>Đánh &amp;giá</translation>
    </message>
    <message>
        <source>P&amp;roblems</source>
        <translation>Lỗ&amp;i</translation>
    </message>
    <message>
        <source>&amp;Larger photos</source>
        <translation>Ảnh &amp;lớn hơn</translation>
    </message>
    <message>
        <source>S&amp;maller photos</source>
        <translation>Ảnh nhỏ &amp;hơn</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Chi tiết</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Toàn màn hình</translation>
    </message>
    <message>
        <source>Show the &amp;log</source>
        <translation>Xem &amp;nhật ký</translation>
    </message>
    <message>
        <source>&amp;About Ảnh Ơi</source>
        <translation>&amp;Giới thiệu Ảnh Ơi</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close the message</source>
        <translation>Đóng thông báo</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln thông báo khác</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Download a translator</source>
        <translation>Tải bộ dịch</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Thao tác khác</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Đang dùng</translation>
    </message>
    <message>
        <source>Being prepared</source>
        <translation>Đang chuẩn bị</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Có trên máy</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Đang chờ</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>Nên dùng</translation>
    </message>
    <message>
        <source>licence: {name}</source>
        <translation>giấy phép: {name}</translation>
    </message>
    <message>
        <source>Finds little in Vietnamese: {percent} of the texts of {data} find their photo first.</source>
        <translation>Tìm kém bằng tiếng Việt: chỉ {percent} số câu của {data} tìm thấy ảnh ở vị trí đầu.</translation>
    </message>
    <message>
        <source>Counts for English queries only, until there is a translator.</source>
        <translation>Chỉ dùng cho câu tiếng Anh, đến khi có bộ dịch.</translation>
    </message>
    <message>
        <source>Progress of {name}</source>
        <translation>Tiến độ của {name}</translation>
    </message>
    <message>
        <source>A part has arrived; downloading goes on where it stopped.</source>
        <translation>Đã tải một phần; sẽ tải tiếp từ chỗ dừng.</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Tải về</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Thử lại</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Dùng</translation>
    </message>
    <message>
        <source>More for {name}</source>
        <translation>Thao tác khác cho {name}</translation>
    </message>
    <message>
        <source>Use a copy from a folder…</source>
        <translation>Dùng bản sao trong thư mục…</translation>
    </message>
    <message>
        <source>Do not download</source>
        <translation>Không tải nữa</translation>
    </message>
    <message>
        <source>Delete its files…</source>
        <translation>Xoá tệp…</translation>
    </message>
    <message>
        <source>Delete its embeddings…</source>
        <translation>Xoá vectơ đặc trưng…</translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message>
        <source>Translates what you type for encoders that know English only</source>
        <translation>Dịch câu bạn gõ cho bộ mã hoá chỉ biết tiếng Anh</translation>
    </message>
    <message>
        <source>Comes with the program: small and quick, and finds coarse things</source>
        <translation>Đi kèm chương trình: nhỏ, nhanh, chỉ tìm được nét chính</translation>
    </message>
    <message>
        <source>Understands what you type in Vietnamese</source>
        <translation>Hiểu tiếng Việt bạn gõ</translation>
    </message>
    <message>
        <source>Understands English: a translator turns your Vietnamese into it first</source>
        <translation>Hiểu tiếng Anh: câu tiếng Việt được dịch trước</translation>
    </message>
    <message numerus="yes">
        <source>%Ln language(s), with {first}</source>
        <translation>
            <numerusform>%Ln ngôn ngữ, có {first}</numerusform>
        </translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>tiếng Việt</translation>
    </message>
    <message>
        <source>English</source>
        <translation>tiếng Anh</translation>
    </message>
    <message>
        <source>size unknown</source>
        <translation>chưa rõ dung lượng</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>khoảng {size}</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} bộ nhớ</translation>
    </message>
    <message>
        <source>recall not measured</source>
        <translation>chưa đo độ tìm đúng</translation>
    </message>
    <message>
        <source>R@{rank} {percent} ({language}, {data})</source>
        <translation>R@{rank} {percent} ({language}, {data})</translation>
    </message>
    <message>
        <source>{percent} of the {language} texts of {data} find their photo among the first {rank}. Source: {source}</source>
        <translation>{percent} số câu {language} của {data} tìm thấy ảnh trong {rank} ảnh đầu. Nguồn: {source}</translation>
    </message>
    <message>
        <source>a few seconds</source>
        <translation>vài giây</translation>
    </message>
    <message numerus="yes">
        <source>%Ln second(s)</source>
        <translation>
            <numerusform>%Ln giây</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s)</source>
        <translation>
            <numerusform>%Ln phút</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s)</source>
        <translation>
            <numerusform>%Ln giờ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s)</source>
        <translation>
            <numerusform>%Ln ngày</numerusform>
        </translation>
    </message>
    <message>
        <source>about {time} for your photos (estimate)</source>
        <translation>khoảng {time} cho ảnh của bạn (ước tính)</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Đang kết nối…</translation>
    </message>
    <message>
        <source>Checking what has arrived…</source>
        <translation>Đang kiểm tra phần đã tải…</translation>
    </message>
    <message>
        <source>Making it ready for use…</source>
        <translation>Đang chuẩn bị để dùng…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) wait for their drive</source>
        <translation>
            <numerusform>%Ln ảnh chờ ổ đĩa</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln photo(s) embedded</source>
        <translation>
            <numerusform>đã mã hoá {done} / %Ln ảnh</numerusform>
        </translation>
    </message>
    <message>
        <source>{done} fetched</source>
        <translation>đã tải {done}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/giây</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>còn {time}</translation>
    </message>
</context>
<context>
    <name>ModelsControl</name>
    <message>
        <source>{name} was not downloaded. {reason}</source>
        <translation>Chưa tải được {name}. {reason}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Thử lại</translation>
    </message>
    <message>
        <source>Choose the folder that holds the files of {name}</source>
        <translation>Chọn thư mục chứa tệp của {name}</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Mô hình</translation>
    </message>
    <message>
        <source>Looking at this machine…</source>
        <translation>Đang xem máy này…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>The first of two encoders that look at every photo.</source>
        <translation>Bộ mã hoá thứ nhất trong hai bộ cùng xem từng ảnh.</translation>
    </message>
    <message>
        <source>The second: it sees other things, and both judgements are joined.</source>
        <translation>Bộ thứ hai: nhìn ra điều khác; hai kết quả được kết hợp.</translation>
    </message>
    <message>
        <source>Translators</source>
        <translation>Bộ dịch</translation>
    </message>
    <message>
        <source>Turn a Vietnamese query into English on this machine, where needed.</source>
        <translation>Dịch câu tiếng Việt sang tiếng Anh ngay trên máy này khi cần.</translation>
    </message>
    <message>
        <source>Changing models loses nothing: what others have embedded is kept until you delete it here.</source>
        <translation>Đổi mô hình không mất gì: vectơ đặc trưng của mô hình khác được giữ đến khi bạn xoá ở đây.</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>Mô hình</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Mô hình…</translation>
    </message>
    <message>
        <source>Shows what suits this machine, downloads it and takes it into use.</source>
        <translation>Xem mô hình hợp với máy, tải về và dùng.</translation>
    </message>
    <message>
        <source>Two models look at every photo; their judgements are joined. A model that knows Vietnamese understands what you type without a translation.</source>
        <translation>Hai mô hình cùng xem từng ảnh; kết quả của chúng được kết hợp. Mô hình biết tiếng Việt hiểu trực tiếp điều bạn gõ, không cần dịch.</translation>
    </message>
</context>
<context>
    <name>OpenWithMenu</name>
    <message>
        <source>Open with</source>
        <translation>Mở bằng</translation>
    </message>
    <message>
        <source>Choose a program</source>
        <translation>Chọn chương trình</translation>
    </message>
    <message>
        <source>Another program…</source>
        <translation>Chương trình khác…</translation>
    </message>
    <message>
        <source>{name} could not be started.</source>
        <translation>Không khởi động được {name}.</translation>
    </message>
</context>
<context>
    <name>OtherPairBar</name>
    <message>
        <source>Compare with another pair</source>
        <translation>So sánh với một cặp khác</translation>
    </message>
    <message>
        <source>The other OpenCLIP model</source>
        <translation>Mô hình OpenCLIP kia</translation>
    </message>
    <message>
        <source>The other BEiT3 model</source>
        <translation>Mô hình BEiT3 kia</translation>
    </message>
    <message>
        <source>Prepare this pair</source>
        <translation>Chuẩn bị cặp này</translation>
    </message>
    <message>
        <source>Embed all photos by it in the background; it is then in use</source>
        <translation>Mã hoá mọi ảnh bằng cặp này ở chế độ nền; sau đó cặp này được dùng</translation>
    </message>
    <message>
        <source>This is the pair in use.</source>
        <translation>Đây là cặp đang dùng.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) are not embedded by it yet</source>
        <translation>
            <numerusform>%Ln ảnh chưa được cặp này mã hoá</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>Evaluation</source>
        <translation>Đánh giá</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Lỗi</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Cài đặt</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Chi tiết</translation>
    </message>
    <message numerus="yes">
        <source>%Ln problem(s)</source>
        <translation>
            <numerusform>%Ln lỗi</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PathLine</name>
    <message>
        <source>Copy the path</source>
        <translation>Sao chép đường dẫn</translation>
    </message>
</context>
<context>
    <name>PhotoActions</name>
    <message>
        <source>Open</source>
        <translation>Mở</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>Hiện trong trình quản lý tệp</translation>
    </message>
    <message>
        <source>Copy file</source>
        <translation>Sao chép tệp</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Sao chép hình</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Sao chép đường dẫn</translation>
    </message>
    <message>
        <source>Copy to a folder…</source>
        <translation>Sao chép vào thư mục…</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>Tìm ảnh tương tự</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Yêu thích</translation>
    </message>
    <message numerus="yes">
        <source>At most %n photo(s) can be opened at once.</source>
        <translation>
            <numerusform>Chỉ mở được nhiều nhất %n ảnh cùng lúc.</numerusform>
        </translation>
    </message>
    <message>
        <source>The system knows no program that opens this photo.</source>
        <translation>Hệ thống không có chương trình nào mở được ảnh này.</translation>
    </message>
    <message>
        <source>No file manager could be started.</source>
        <translation>Không khởi động được trình quản lý tệp.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied; paste them into any folder.</source>
        <translation>
            <numerusform>Đã sao chép %n ảnh; hãy dán vào thư mục bất kỳ.</numerusform>
        </translation>
    </message>
    <message>
        <source>The picture is on the clipboard.</source>
        <translation>Hình đã nằm trong bộ nhớ tạm.</translation>
    </message>
    <message numerus="yes">
        <source>%n path(s) copied.</source>
        <translation>
            <numerusform>Đã sao chép %n đường dẫn.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is gone, or its drive is not connected.</source>
        <translation>{name} đã mất hoặc ổ đĩa của nó chưa được kết nối.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are gone, or their drive is not connected.</source>
        <translation>
            <numerusform>%n ảnh đã mất hoặc ổ đĩa của chúng chưa được kết nối.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoFacts</name>
    <message>
        <source>as {length} mm on 35 mm film</source>
        <translation>tương đương {length} mm trên phim 35 mm</translation>
    </message>
    <message>
        <source>with flash</source>
        <translation>có đèn flash</translation>
    </message>
    <message>
        <source>without flash</source>
        <translation>không đèn flash</translation>
    </message>
</context>
<context>
    <name>PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>Ảnh</translation>
    </message>
</context>
<context>
    <name>PhotoModel</name>
    <message>
        <source>Best matches</source>
        <translation>Khớp nhất</translation>
    </message>
    <message>
        <source>Possible matches</source>
        <translation>Có thể khớp</translation>
    </message>
    <message>
        <source>Less likely</source>
        <translation>Ít khớp hơn</translation>
    </message>
    <message>
        <source>Result {position} of {count}, score {score}</source>
        <translation>Kết quả {position} / {count}, điểm {score}</translation>
    </message>
    <message>
        <source>Nothing stands out; the nearest photos</source>
        <translation>Không ảnh nào nổi trội; đây là những ảnh gần nhất</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Yêu thích</translation>
    </message>
    <message>
        <source>File is gone</source>
        <translation>Tệp đã mất</translation>
    </message>
    <message>
        <source>Folder is off-line</source>
        <translation>Thư mục ngoại tuyến</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>Không đọc được</translation>
    </message>
    <message>
        <source>{encoder} has not looked at this photo yet: it is ranked by the other one</source>
        <translation>{encoder} chưa xem ảnh này: ảnh được xếp hạng theo bộ mã hoá kia</translation>
    </message>
</context>
<context>
    <name>PhotoPanel</name>
    <message>
        <source>Details</source>
        <translation>Chi tiết</translation>
    </message>
    <message>
        <source>Choose a photo to see its details here.</source>
        <translation>Chọn một ảnh để xem chi tiết tại đây.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) chosen</source>
        <translation>
            <numerusform>Đã chọn %n ảnh</numerusform>
        </translation>
    </message>
    <message>
        <source>Marks it as a right answer to “{query}”. </source>
        <translation>Đánh dấu là đáp án đúng cho “{query}”. </translation>
    </message>
    <message>
        <source>Search with words first. </source>
        <translation>Trước hết hãy tìm bằng từ ngữ. </translation>
    </message>
    <message>
        <source>The evaluation measures the search by the photos marked so.</source>
        <translation>Phần đánh giá đo việc tìm kiếm bằng các ảnh được đánh dấu như vậy.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Xem trước</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>Tìm ảnh tương tự</translation>
    </message>
    <message>
        <source>This is the right photo</source>
        <translation>Đây là ảnh đúng</translation>
    </message>
</context>
<context>
    <name>PhotoViewer</name>
    <message>
        <source>This photo is no longer in the library.</source>
        <translation>Ảnh này không còn trong thư viện.</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Ảnh</translation>
    </message>
</context>
<context>
    <name>PhotosPage</name>
    <message>
        <source>Nothing to show yet</source>
        <translation>Chưa có gì để hiện</translation>
    </message>
    <message>
        <source>The photos here are still to be embedded.</source>
        <translation>Ảnh ở đây còn chờ được lập chỉ mục.</translation>
    </message>
    <message>
        <source>No favourites yet</source>
        <translation>Chưa có ảnh yêu thích</translation>
    </message>
    <message>
        <source>Press Ctrl+D on a photo to mark it as a favourite.</source>
        <translation>Nhấn Ctrl+D trên một ảnh để thêm vào yêu thích.</translation>
    </message>
    <message>
        <source>No photos here</source>
        <translation>Không có ảnh ở đây</translation>
    </message>
    <message>
        <source>Drop a folder of photos on this window.</source>
        <translation>Kéo thả một thư mục ảnh vào cửa sổ này.</translation>
    </message>
</context>
<context>
    <name>PictureChip</name>
    <message>
        <source>Picture to search with</source>
        <translation>Ảnh dùng để tìm</translation>
    </message>
    <message>
        <source>Photos that look like this picture are searched</source>
        <translation>Đang tìm những ảnh giống ảnh này</translation>
    </message>
    <message>
        <source>Search without this picture</source>
        <translation>Tìm không kèm ảnh này</translation>
    </message>
</context>
<context>
    <name>PlaceRow</name>
    <message>
        <source>Map coordinates</source>
        <translation>Toạ độ bản đồ</translation>
    </message>
    <message>
        <source>Copy the coordinates</source>
        <translation>Sao chép toạ độ</translation>
    </message>
    <message>
        <source>Show on map</source>
        <translation>Xem trên bản đồ</translation>
    </message>
    <message>
        <source>Opens openstreetmap.org in the browser, which is told this place</source>
        <translation>Mở openstreetmap.org trong trình duyệt; trang đó sẽ biết vị trí này</translation>
    </message>
</context>
<context>
    <name>PreviewPane</name>
    <message>
        <source>Double-click to see it large</source>
        <translation>Nhấp đúp để xem lớn</translation>
    </message>
</context>
<context>
    <name>ProblemModel</name>
    <message>
        <source>Name</source>
        <translation>Tên</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Thư mục</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Lý do</translation>
    </message>
    <message>
        <source>Tried again</source>
        <translation>Thử lại</translation>
    </message>
    <message>
        <source>Last tried</source>
        <translation>Lần thử cuối</translation>
    </message>
    <message>
        <source>when the file changes</source>
        <translation>khi tệp thay đổi</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>tự động</translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message>
        <source>Show in the folder</source>
        <translation>Hiện trong thư mục</translation>
    </message>
    <message>
        <source>Try selected again</source>
        <translation>Thử lại mục đã chọn</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>Thử lại tất cả</translation>
    </message>
    <message>
        <source>Filter by name, folder or reason</source>
        <translation>Lọc theo tên, thư mục hoặc lý do</translation>
    </message>
    <message>
        <source>Filter the problems</source>
        <translation>Lọc các lỗi</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Những gì không đọc được</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Lỗi</translation>
    </message>
    <message>
        <source>Everything could be read.</source>
        <translation>Mọi thứ đều đọc được.</translation>
    </message>
    <message>
        <source>Photos that cannot be opened will be listed here with the reason.</source>
        <translation>Những ảnh không mở được sẽ được liệt kê ở đây cùng lý do.</translation>
    </message>
    <message>
        <source>{shown} of {total} shown</source>
        <translation>Đang hiện {shown} / {total}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) could not be read</source>
        <translation>
            <numerusform>%Ln tệp không đọc được</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) of it can still be found, but not opened.</source>
        <translation>
            <numerusform>Vẫn tìm được %Ln ảnh trong đó, nhưng không mở được.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The process that runs the models broke off and was started anew %Ln time(s).</source>
        <translation>
            <numerusform>Tiến trình chạy mô hình bị ngắt và đã được khởi động lại %Ln lần.</numerusform>
        </translation>
    </message>
    <message>
        <source>The folder {path} cannot be reached.</source>
        <translation>Không truy cập được thư mục {path}.</translation>
    </message>
    <message>
        <source>Connect its disk or network drive: it is then looked through by itself.</source>
        <translation>Hãy kết nối ổ đĩa hoặc ổ mạng chứa nó: thư mục sẽ tự động được quét lại.</translation>
    </message>
    <message>
        <source>Nothing was lost. If it goes on, close other large programs, or let indexing use less of the machine in the settings.</source>
        <translation>Không có gì bị mất. Nếu còn tái diễn, hãy đóng bớt các chương trình nặng khác, hoặc giảm mức dùng máy khi lập chỉ mục trong phần cài đặt.</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>Open the page</source>
        <translation>Mở trang</translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message>
        <source>Progress of indexing</source>
        <translation>Tiến độ lập chỉ mục</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>Tạm dừng lập chỉ mục</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Tiếp tục</translation>
    </message>
    <message>
        <source>Stop indexing</source>
        <translation>Ngừng lập chỉ mục</translation>
    </message>
    <message>
        <source>Looking for photos in {folder}: {found} found</source>
        <translation>Đang tìm ảnh trong {folder}: thấy {found}</translation>
    </message>
    <message numerus="yes">
        <source>Indexing stopped; %Ln photo(s) cannot be found yet</source>
        <translation>
            <numerusform>Đã ngừng lập chỉ mục; còn %Ln ảnh chưa tìm được</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused at {done} of {total}</source>
        <translation>Tạm dừng ở {done} / {total}</translation>
    </message>
    <message numerus="yes">
        <source>New models wait for the drive of %Ln photo(s)</source>
        <translation>
            <numerusform>Mô hình mới đang chờ ổ đĩa của %Ln ảnh</numerusform>
        </translation>
    </message>
    <message>
        <source>Preparing new models stopped at {done} of {total}</source>
        <translation>Đã dừng chuẩn bị mô hình mới ở {done} / {total}</translation>
    </message>
    <message>
        <source>Preparing new models: {done} of {total}</source>
        <translation>Đang chuẩn bị mô hình mới: {done} / {total}</translation>
    </message>
    <message>
        <source>Embedding {done} of {total}</source>
        <translation>Đang lập chỉ mục {done} / {total}</translation>
    </message>
    <message>
        <source>{rate} photos/s</source>
        <translation>{rate} ảnh/giây</translation>
    </message>
    <message numerus="yes">
        <source>%Ln could not be read</source>
        <translation>
            <numerusform>%Ln ảnh không đọc được</numerusform>
        </translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>còn vài giây</translation>
    </message>
    <message numerus="yes">
        <source>%Ln second(s) left</source>
        <translation>
            <numerusform>còn %Ln giây</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s) left</source>
        <translation>
            <numerusform>còn %Ln phút</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) left</source>
        <translation>
            <numerusform>còn %Ln giờ</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RankChart</name>
    <message>
        <source>Distribution of the ranks</source>
        <translation>Phân bố thứ hạng</translation>
    </message>
    <message>
        <source>Rank of the right answer (logarithmic)</source>
        <translation>Hạng của đáp án đúng (thang logarit)</translation>
    </message>
    <message>
        <source>Found, in percent</source>
        <translation>Tỉ lệ tìm thấy (%)</translation>
    </message>
    <message>
        <source>Among the first {rank}, in percent</source>
        <translation>Trong {rank} kết quả đầu (%)</translation>
    </message>
</context>
<context>
    <name>RecallChart</name>
    <message>
        <source>Recall against the weight of BEiT3</source>
        <translation>Độ phủ theo trọng số của BEiT3</translation>
    </message>
    <message>
        <source>Weight of BEiT3 (0: OpenCLIP alone, 1: BEiT3 alone)</source>
        <translation>Trọng số của BEiT3 (0: chỉ OpenCLIP, 1: chỉ BEiT3)</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Đang dùng</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Tốt nhất</translation>
    </message>
    <message>
        <source>{recall} with weight {weight} of BEiT3</source>
        <translation>{recall} với trọng số BEiT3 {weight}</translation>
    </message>
    <message>
        <source>{recall} in percent</source>
        <translation>{recall} (%)</translation>
    </message>
</context>
<context>
    <name>RecommendationCard</name>
    <message>
        <source>Why these?</source>
        <translation>Vì sao?</translation>
    </message>
    <message>
        <source>Download and use</source>
        <translation>Tải về và dùng</translation>
    </message>
    <message>
        <source>Recommended for this machine</source>
        <translation>Nên dùng cho máy này</translation>
    </message>
    <message>
        <source>These find far better than the starters, and suit {machine}:</source>
        <translation>Tìm tốt hơn hẳn mô hình đi kèm và hợp với {machine}:</translation>
    </message>
    <message>
        <source>The starters that come with the program suit {machine}.</source>
        <translation>Mô hình đi kèm chương trình hợp với {machine}.</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} bộ nhớ</translation>
    </message>
    <message numerus="yes">
        <source>%Ln processor core(s)</source>
        <translation>
            <numerusform>%Ln nhân xử lý</numerusform>
        </translation>
    </message>
    <message>
        <source>{size} of free disk</source>
        <translation>{size} đĩa trống</translation>
    </message>
    <message>
        <source>Vietnamese, R@1</source>
        <translation>Tiếng Việt, R@1</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>Cần tải</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Bộ nhớ</translation>
    </message>
    <message>
        <source>Embedding (estimate)</source>
        <translation>Mã hoá ảnh (ước tính)</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>chưa đo</translation>
    </message>
    <message>
        <source>Nobody has published it for these models.</source>
        <translation>Chưa ai công bố cho các mô hình này.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>không cần</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>chưa rõ</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>khoảng {size}</translation>
    </message>
    <message numerus="yes">
        <source>For your %Ln photo(s), reckoned from a machine that was measured.</source>
        <translation>
            <numerusform>Cho %Ln ảnh của bạn, tính theo một máy đã đo.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Đang dùng</translation>
    </message>
    <message>
        <source>Being prepared</source>
        <translation>Đang chuẩn bị</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Dùng</translation>
    </message>
</context>
<context>
    <name>ScoreSection</name>
    <message>
        <source>The score that the photo is ranked by</source>
        <translation>Điểm dùng để xếp hạng ảnh</translation>
    </message>
    <message>
        <source>score {score}</source>
        <translation>điểm {score}</translation>
    </message>
    <message>
        <source>Place {position}</source>
        <translation>Vị trí {position}</translation>
    </message>
    <message>
        <source>Place {position} of {total}</source>
        <translation>Vị trí {position} / {total}</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear the search</source>
        <translation>Xoá câu tìm</translation>
    </message>
    <message>
        <source>How to search</source>
        <translation>Cách tìm kiếm</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Tìm kiếm</translation>
    </message>
    <message>
        <source>Describe a photo, e.g. “một con chó chạy trên bãi cỏ”</source>
        <translation>Mô tả ảnh cần tìm, ví dụ “một con chó chạy trên bãi cỏ”</translation>
    </message>
</context>
<context>
    <name>SearchHelp</name>
    <message>
        <source>How to search</source>
        <translation>Cách tìm kiếm</translation>
    </message>
    <message>
        <source>Describe what is to be seen, in a sentence or in a few words:&lt;br&gt;&lt;b&gt;hai đứa trẻ chơi bên bờ biển&lt;/b&gt;</source>
        <translation>Mô tả những gì có trong ảnh, bằng một câu hoặc vài từ:&lt;br&gt;&lt;b&gt;hai đứa trẻ chơi bên bờ biển&lt;/b&gt;</translation>
    </message>
    <message>
        <source>Put a minus sign before what should not be seen:&lt;br&gt;&lt;b&gt;chợ nổi -thuyền -&amp;quot;xe máy&amp;quot;&lt;/b&gt;</source>
        <translation>Đặt dấu trừ trước những gì không muốn thấy:&lt;br&gt;&lt;b&gt;chợ nổi -thuyền -&amp;quot;xe máy&amp;quot;&lt;/b&gt;</translation>
    </message>
    <message>
        <source>Drop a picture here, or paste one, to find photos that look like it.</source>
        <translation>Kéo thả hoặc dán một ảnh vào đây để tìm những ảnh giống nó.</translation>
    </message>
    <message>
        <source>Words beside a picture steer the search:&lt;br&gt;&lt;b&gt;lúc hoàng hôn&lt;/b&gt;</source>
        <translation>Từ ngữ kèm theo ảnh giúp định hướng tìm kiếm:&lt;br&gt;&lt;b&gt;lúc hoàng hôn&lt;/b&gt;</translation>
    </message>
    <message>
        <source>The Down key shows earlier searches; the Delete key forgets one.</source>
        <translation>Phím mũi tên xuống hiện các lần tìm trước; phím Delete xoá một mục.</translation>
    </message>
</context>
<context>
    <name>SearchLine</name>
    <message>
        <source>Search with the copied picture</source>
        <translation>Tìm bằng ảnh vừa sao chép</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The settings cannot be kept in {path}: {reason}.</source>
        <translation>Không lưu được cài đặt vào {path}: {reason}.</translation>
    </message>
    <message>
        <source>The settings file was damaged. It was set aside as {path}; the standard settings are used.</source>
        <translation>Tệp cài đặt bị hỏng. Nó đã được cất riêng thành {path}; cài đặt mặc định được dùng.</translation>
    </message>
    <message>
        <source>Some settings could not be used and are back to their standard: {names}.</source>
        <translation>Một số cài đặt không dùng được và đã trở về mặc định: {names}.</translation>
    </message>
    <message>
        <source>The settings {path} cannot be read ({reason}); the standard ones are used.</source>
        <translation>Không đọc được cài đặt {path} ({reason}); cài đặt mặc định được dùng.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Ngôn ngữ</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Giao diện</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>Cỡ ảnh</translation>
    </message>
    <message>
        <source>Way of searching</source>
        <translation>Cách tìm</translation>
    </message>
    <message>
        <source>Hidden files</source>
        <translation>Tệp ẩn</translation>
    </message>
    <message>
        <source>Excluded folders</source>
        <translation>Thư mục loại trừ</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Thiết bị</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Độ chính xác số</translation>
    </message>
    <message>
        <source>Share of the machine</source>
        <translation>Mức dùng máy</translation>
    </message>
    <message>
        <source>Start with the system</source>
        <translation>Khởi động cùng hệ thống</translation>
    </message>
    <message>
        <source>Keep watching in the tray</source>
        <translation>Tiếp tục theo dõi ở khay hệ thống</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>Phiên bản mới</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Trình chiếu</translation>
    </message>
    <message>
        <source>Search history</source>
        <translation>Lịch sử tìm kiếm</translation>
    </message>
    <message>
        <source>Place of the window</source>
        <translation>Vị trí cửa sổ</translation>
    </message>
    <message>
        <source>Place of the library</source>
        <translation>Vị trí thư viện</translation>
    </message>
    <message>
        <source>Hint at larger models</source>
        <translation>Gợi ý mô hình lớn hơn</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Cài đặt</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Huỷ</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Áp dụng</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Các trang</translation>
    </message>
</context>
<context>
    <name>SingleInstance</name>
    <message>
        <source>Ảnh Ơi is open already but does not answer; this is a second window.</source>
        <translation>Ảnh Ơi đã mở nhưng không phản hồi; đây là cửa sổ thứ hai.</translation>
    </message>
</context>
<context>
    <name>Suggestion</name>
    <message>
        <source>The models that come with the program are small. Larger ones find far better: see which of them suit this machine.</source>
        <translation>Các mô hình đi kèm chương trình đều nhỏ. Mô hình lớn hơn tìm tốt hơn hẳn: xem mô hình nào hợp với máy này.</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Mô hình…</translation>
    </message>
</context>
<context>
    <name>TranslationLine</name>
    <message>
        <source>Back to the translation</source>
        <translation>Trở lại bản dịch</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Mô hình…</translation>
    </message>
    <message>
        <source>In English:</source>
        <translation>Tiếng Anh:</translation>
    </message>
    <message>
        <source>The query in English</source>
        <translation>Câu tìm bằng tiếng Anh</translation>
    </message>
    <message>
        <source>Edit it and press Enter to search with your own words.</source>
        <translation>Sửa rồi nhấn Enter để tìm bằng lời của bạn.</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>&amp;Open Ảnh Ơi</source>
        <translation>&amp;Mở Ảnh Ơi</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Thoát</translation>
    </message>
    <message>
        <source>Ảnh Ơi</source>
        <translation>Ảnh Ơi</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) in “{folder}” can be searched now.</source>
        <translation>
            <numerusform>Đã có thể tìm %Ln ảnh trong “{folder}”.</numerusform>
        </translation>
    </message>
    <message>
        <source>Ảnh Ơi: looking for photos in “{folder}”</source>
        <translation>Ảnh Ơi: đang tìm ảnh trong “{folder}”</translation>
    </message>
    <message>
        <source>Ảnh Ơi: {done} of {total} photos indexed</source>
        <translation>Ảnh Ơi: đã lập chỉ mục {done} / {total} ảnh</translation>
    </message>
    <message>
        <source>Ảnh Ơi: indexing is paused</source>
        <translation>Ảnh Ơi: lập chỉ mục đang tạm dừng</translation>
    </message>
    <message>
        <source>Ảnh Ơi: indexing has stopped</source>
        <translation>Ảnh Ơi: lập chỉ mục đã ngừng</translation>
    </message>
    <message>
        <source>Ảnh Ơi: all photos are indexed</source>
        <translation>Ảnh Ơi: mọi ảnh đã được lập chỉ mục</translation>
    </message>
    <message>
        <source>&amp;Resume indexing</source>
        <translation>Tiế&amp;p tục lập chỉ mục</translation>
    </message>
    <message>
        <source>&amp;Pause indexing</source>
        <translation>Tạm dừn&amp;g lập chỉ mục</translation>
    </message>
</context>
<context>
    <name>UpdateCheck</name>
    <message>
        <source>Ảnh Ơi {version} is out, to be had at {page}. {notes}</source>
        <translation>Đã có Ảnh Ơi {version}, tải ở {page}. {notes}</translation>
    </message>
    <message>
        <source>This is the newest version: {version}.</source>
        <translation>Đây là phiên bản mới nhất: {version}.</translation>
    </message>
</context>
<context>
    <name>ViewerActions</name>
    <message>
        <source>Previous photo</source>
        <translation>Ảnh trước</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Ảnh sau</translation>
    </message>
    <message>
        <source>First photo</source>
        <translation>Ảnh đầu</translation>
    </message>
    <message>
        <source>Last photo</source>
        <translation>Ảnh cuối</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Thu nhỏ</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Phóng to</translation>
    </message>
    <message>
        <source>Fit to the window</source>
        <translation>Vừa cửa sổ</translation>
    </message>
    <message>
        <source>Full size</source>
        <translation>Kích thước thật</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Trình chiếu</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Yêu thích</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Toàn màn hình</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
</context>
<context>
    <name>WeightSlider</name>
    <message>
        <source>Weight of BEiT3 in percent</source>
        <translation>Trọng số của BEiT3 theo phần trăm</translation>
    </message>
    <message>
        <source>How much each encoder counts. A double click goes back to the default.</source>
        <translation>Mức đóng góp của mỗi bộ mã hoá. Nhấp đúp để về mặc định.</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>or drop it here</source>
        <translation>hoặc kéo thả vào đây</translation>
    </message>
    <message>
        <source>Describe a photo in Vietnamese, and find it among all that lie on this disk.</source>
        <translation>Mô tả bức ảnh bằng tiếng Việt để tìm ra nó trong mọi ảnh trên đĩa này.</translation>
    </message>
    <message>
        <source>Choose a folder of photos…</source>
        <translation>Chọn thư mục ảnh…</translation>
    </message>
    <message>
        <source>Add the folder {path}</source>
        <translation>Thêm thư mục {path}</translation>
    </message>
    <message>
        <source>Nothing leaves this machine.</source>
        <translation>Không có dữ liệu nào rời khỏi máy này.</translation>
    </message>
</context>
<context>
    <name>_Counted</name>
    <message numerus="yes">
        <source>Show %n more photo(s)</source>
        <translation>
            <numerusform>Hiện thêm %n ảnh</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n similar photo(s) behind it</source>
        <translation>
            <numerusform>%n ảnh tương tự phía sau</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_EncoderRow</name>
    <message>
        <source>{encoder} adds {part} to the score</source>
        <translation>{encoder} đóng góp {part} vào điểm</translation>
    </message>
    <message>
        <source>has not seen it yet</source>
        <translation>chưa xem ảnh này</translation>
    </message>
    <message>
        <source>cosine {value}</source>
        <translation>cosine {value}</translation>
    </message>
    <message>
        <source>rank {rank}</source>
        <translation>hạng {rank}</translation>
    </message>
</context>
<context>
    <name>_HistoryList</name>
    <message>
        <source>Earlier searches</source>
        <translation>Các lần tìm trước</translation>
    </message>
</context>
</TS>
